// SPDX-License-Identifier: Apache-2.0
#include "probes/check/fault.hpp"

#include "geo/place/socket_address.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_category.hpp>

#include <array>
#include <cctype>
#include <cerrno>
#include <utility>

#include <sys/socket.h>
#include <unistd.h>

namespace probes {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

enum class Side : std::uint8_t {
    Here,
    There,
    Either,  // the kernel says it of its own routes and rules, and repeats it after a router
};

Side side_of(int error) {
    switch (error) {
        case EMFILE:
        case ENFILE:
        case ENOMEM:
        case ENOBUFS:
        case EADDRNOTAVAIL:
        case EAFNOSUPPORT:
        case EPERM:
        case ENETDOWN:
        case EINVAL:
            return Side::Here;
        case ENETUNREACH:
        case EHOSTUNREACH:
        case EACCES:  // ICMPv6 "administratively prohibited" is this one, too
            return Side::Either;
        default:
            return Side::There;
    }
}

/// True if connecting is refused here, before a packet has left: the kernel says so at once, while
/// an answer from a router takes its time.
bool refused_here(const asio::ip::tcp::endpoint& target) {
    const int family = target.protocol().family();
    const int descriptor = ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return true;
    const int status = ::connect(descriptor, target.data(), static_cast<socklen_t>(target.size()));
    const int error = status == 0 ? 0 : errno;
    ::close(descriptor);
    return side_of(error) != Side::There;
}

std::string in_a_sentence(std::string text) {
    if (!text.empty()) {
        text.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
    }
    return text;
}

}  // namespace

ProbeResult pass(std::string text, Clock::duration round_trip) {
    return {Verdict::Pass, std::chrono::duration_cast<std::chrono::microseconds>(round_trip),
            std::move(text)};
}

ProbeResult fail(std::string text) {
    return {.verdict = Verdict::Fail, .text = std::move(text)};
}

ProbeResult no_word(std::string text) {
    return {.verdict = Verdict::NoWord, .text = std::move(text)};
}

ProbeResult result_of(const error_code& fault, const Check& check) {
    if (fault == asio::error::eof) return fail("closed before an answer");
    auto text = in_a_sentence(fault.message());
    if (fault.category() != boost::system::system_category()) return fail(std::move(text));
    const auto side = side_of(fault.value());
    if (side == Side::There) return fail(std::move(text));
    const bool here = side == Side::Here || refused_here(endpoint_of(check));
    return here ? no_word("on this machine: " + text) : fail(std::move(text));
}

ProbeResult not_connected(ProbeResult result) {
    result.connected = false;
    return result;
}

ProbeResult no_answer(const Check& check) {
    return fail("no answer within " + to_text(check.timeout));
}

std::string to_text(std::chrono::milliseconds time) {
    const auto count = time.count();
    if (count % 1000 == 0) return std::to_string(count / 1000) + " s";
    return std::to_string(count) + " ms";
}

std::string error_text(int error) {
    return in_a_sentence(error_code{error, boost::system::system_category()}.message());
}

asio::ip::tcp::endpoint endpoint_of(const Check& check) {
    return geo::SocketAddress{check.address, check.port}.as<asio::ip::tcp::endpoint>();
}

}  // namespace probes
