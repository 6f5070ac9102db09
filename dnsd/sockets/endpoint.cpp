// SPDX-License-Identifier: Apache-2.0
#include "dnsd/sockets/endpoint.hpp"

#include <charconv>
#include <system_error>

namespace net {
namespace {

using geo::Error;
using geo::Family;
using geo::Result;

/// Returns the address before the last colon when an IPv6 address without brackets may also be an
/// address and a port; empty when it is unambiguous.
std::string_view address_before_port(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || !geo::read_address(text)) return {};
    const auto port = text.substr(colon + 1);
    const bool digits = port.find_first_not_of("0123456789") == std::string_view::npos;
    return digits && geo::read_address(text.substr(0, colon)) ? text.substr(0, colon)
                                                              : std::string_view{};
}

}  // namespace

Result<Endpoint> read_endpoint(std::string_view text) {
    if (const auto address = address_before_port(text); !address.empty()) {
        const std::string port{text.substr(address.size())};
        return Error{'"' + std::string{text} + "\" is ambiguous: it may be [" +
                     std::string{address} + "]" + port + " or [" + std::string{text} +
                     "]; write the brackets"};
    }
    const Error error{"expected ADDRESS:PORT, as in 192.0.2.1:53 or [2001:db8::1]:53, found \"" +
                      std::string{text} + "\""};
    std::string_view host = text;
    std::string_view port;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return error;
        host = text.substr(1, end - 1);
        port = text.substr(end + 1);
        if (!port.empty() && !port.starts_with(':')) return error;
    } else if (text.find(':') == text.rfind(':') && text.find(':') != std::string_view::npos) {
        host = text.substr(0, text.find(':'));
        port = text.substr(text.find(':'));
    }
    const auto address = geo::read_address(host);
    if (!address) return error;
    Endpoint endpoint{*address, 53};
    if (port.empty()) return endpoint;
    port.remove_prefix(1);
    const auto* end = port.data() + port.size();
    const auto [behind, fault] = std::from_chars(port.data(), end, endpoint.port);
    if (fault != std::errc{} || behind != end || port.empty()) return error;
    return endpoint;
}

std::string to_text(const Endpoint& endpoint) {
    const auto address = geo::to_text(endpoint.address);
    const auto port = ":" + std::to_string(endpoint.port);
    return endpoint.address.family == Family::V4 ? address + port : "[" + address + "]" + port;
}

}  // namespace net
