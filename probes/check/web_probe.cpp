// SPDX-License-Identifier: Apache-2.0
#include "probes/check/fault.hpp"
#include "probes/check/http_answer.hpp"
#include "probes/check/probe_kinds.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace probes {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace ssl = asio::ssl;
using boost::system::error_code;
using Stream = beast::tcp_stream;
using TlsStream = ssl::stream<Stream>;

/// Returns the host of a URL, in brackets when it is an IPv6 address.
std::string host_of(const Check& check) {
    auto host = check.host.empty() ? geo::to_text(check.address) : check.host;
    const auto literal = geo::read_address(host);
    if (literal && literal->family == geo::Family::V6) host = "[" + host + "]";
    const std::uint16_t usual = check.kind == Check::Kind::Https ? 443 : 80;
    return check.port == usual ? host : host + ":" + std::to_string(check.port);
}

std::string request_of(const Check& check) {
    std::string request = check.method + ' ' + check.path + " HTTP/1.1\r\nHost: " + host_of(check);
    const auto own = [&check](std::string_view name) {
        return std::ranges::any_of(check.headers, [name](const Header& header) {
            return beast::iequals(header.name, name);
        });
    };
    if (!own("User-Agent")) request += "\r\nUser-Agent: isochrone/probe";
    if (!own("Accept")) request += "\r\nAccept: */*";
    for (const auto& [name, value] : check.headers) request += "\r\n" + name + ": " + value;
    return request + "\r\nConnection: close\r\n\r\n";
}

ssl::context make_context(ssl::verify_mode mode) {
    ssl::context context{ssl::context::tls_client};
    context.set_options(ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
    context.set_verify_mode(mode);
    if (mode == ssl::verify_none) {
        // Anything that completes a handshake is accepted, a weak key too.
        SSL_CTX_set_security_level(context.native_handle(), 0);
    } else {
        context.set_default_verify_paths();
        // As curl and browsers do: a certificate that is trusted itself needs no authority above
        // it.
        X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context.native_handle()),
                                    X509_V_FLAG_PARTIAL_CHAIN);
    }
    return context;
}

/// Made once: reading the certificates of all authorities takes longer than a handshake.
ssl::context& context_for(const Check& check) {
    static auto verifying = make_context(ssl::verify_peer);
    static auto trusting = make_context(ssl::verify_none);
    return check.verify ? verifying : trusting;
}

/// Sets the name that the target must have. It is sent as SNI (RFC 6066 §3: no address, no dot at
/// the end), and looked for in the certificate.
void expect_name(TlsStream& stream, const Check& check) {
    auto name = check.server_name.empty() ? check.host : check.server_name;
    if (name.empty()) name = geo::to_text(check.address);
    if (name.ends_with('.')) name.pop_back();
    auto* tls = stream.native_handle();
    auto* expected = SSL_get0_param(tls);
    if (geo::read_address(name)) {
        X509_VERIFY_PARAM_set1_ip_asc(expected, name.c_str());
        return;
    }
    // What SSL_set_tlsext_host_name does, without its cast.
    SSL_ctrl(tls, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
    X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    X509_VERIFY_PARAM_set1_host(expected, name.c_str(), name.size());
}

std::string library_text(const error_code& fault) {
    const auto* reason = ERR_reason_error_string(static_cast<unsigned long>(fault.value()));
    return reason == nullptr ? fault.message() : reason;
}

ProbeResult result_of_stream(const error_code& fault, const Check& check) {
    if (fault == beast::error::timeout) return no_answer(check);
    if (fault == ssl::error::stream_truncated) return result_of(asio::error::eof, check);
    if (fault.category() == asio::error::get_ssl_category()) {
        return fail("TLS: " + library_text(fault));
    }
    return result_of(fault, check);
}

ProbeResult result_of_handshake(const error_code& fault, TlsStream& stream, const Check& check) {
    const auto verified = SSL_get_verify_result(stream.native_handle());
    if (check.verify && verified != X509_V_OK) {
        return fail(X509_verify_cert_error_string(verified));
    }
    return result_of_stream(fault, check);
}

/// Connects and makes the TLS handshake. Returns a result only when that fails. The caller owns the
/// stream, and waits.
asio::awaitable<std::optional<ProbeResult>> open_tls(TlsStream& stream, CheckPtr check) {
    expect_name(stream, *check);
    stream.next_layer().expires_after(check->timeout);
    const auto [connect_fault] =
        co_await stream.next_layer().async_connect(endpoint_of(*check), nothrow);
    if (connect_fault) co_return not_connected(result_of_stream(connect_fault, *check));
    const auto [fault] = co_await stream.async_handshake(TlsStream::client, nothrow);
    if (fault) co_return result_of_handshake(fault, stream, *check);
    co_return std::nullopt;
}

/// Returns the whole days until the certificate ends, negative when it has ended; nothing without
/// one.
std::optional<int> days_left(TlsStream& stream) {
    const auto* certificate = SSL_get0_peer_certificate(stream.native_handle());
    int days = 0;
    int seconds = 0;
    if (certificate == nullptr ||
        ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(certificate)) != 1) {
        return std::nullopt;
    }
    return seconds < 0 ? days - 1 : days;
}

ProbeResult result_of_days(std::optional<int> days, const Check& check,
                           Clock::duration round_trip) {
    std::string text = "no certificate";
    if (days && *days < 0) text = "certificate has expired";
    if (days && *days >= 0) {
        text = "certificate good for " + std::to_string(*days) + (*days == 1 ? " day" : " days");
    }
    if (check.days_left == 0 || (days && *days >= check.days_left)) {
        return pass(std::move(text), round_trip);
    }
    return fail(text + ", " + std::to_string(check.days_left) + " are asked for");
}

bool wanted(unsigned status, const Check& check) {
    return std::ranges::any_of(check.statuses, [status](const StatusRange& range) {
        return range.first <= status && status <= range.last;
    });
}

/// Returns the result of an answer that can be judged or cannot get better. Nothing: more must be
/// read.
std::optional<ProbeResult> judge(const HttpAnswer& answer, const Check& check,
                                 Clock::duration round_trip) {
    using Stage = HttpAnswer::Stage;
    if (answer.stage() == Stage::Head) return std::nullopt;
    if (answer.status() == 0) return fail(answer.fault());
    const auto text = "HTTP " + std::to_string(answer.status());
    if (!wanted(answer.status(), check)) return fail(text);
    if (check.body.empty() || answer.body().find(check.body) != std::string::npos)
        return pass(text, round_trip);
    if (answer.stage() == Stage::Bad) return fail(text + ", but " + answer.fault());
    if (answer.stage() == Stage::Body) return std::nullopt;
    return fail(text + ", but the text is not in its first " + std::to_string(body_limit >> 10) +
                " KiB");
}

/// Returns what a fault means while `answer` is not judged yet; nothing: the answer can be judged
/// now.
std::optional<ProbeResult> end_answer(HttpAnswer& answer, const error_code& fault,
                                      const Check& check) {
    const bool in_head = answer.stage() == HttpAnswer::Stage::Head;
    const bool closed = fault == asio::error::eof;
    // Many servers end TLS by closing. If only closing ends the body, nothing is missing.
    const bool cut = fault == ssl::error::stream_truncated;
    if (in_head && cut && answer.begun()) return fail("closed in the middle of an answer");
    if (in_head && !closed) return result_of_stream(fault, check);
    if (!closed && fault == beast::error::timeout) {
        return fail("HTTP " + std::to_string(answer.status()) +
                    ", but its body has no end within " + to_text(check.timeout));
    }
    if (closed || (cut && answer.ends_by_closing())) {
        answer.end();
        return std::nullopt;
    }
    return fail("HTTP " + std::to_string(answer.status()) + ", but its body is cut short");
}

/// Sends the request and judges the answer. Reads the body only when a text is looked for.
template <class AnyStream>
asio::awaitable<ProbeResult> ask(AnyStream& stream, CheckPtr check, Time start) {
    const auto request = request_of(*check);
    const auto [write_fault, written] =
        co_await asio::async_write(stream, asio::buffer(request), nothrow);
    if (write_fault == beast::error::timeout) co_return no_answer(*check);

    HttpAnswer answer{body_limit};
    std::array<char, 4096> room{};
    Clock::duration round_trip{};
    std::optional<ProbeResult> result;
    while (!result) {
        const auto [fault, count] = co_await stream.async_read_some(asio::buffer(room), nothrow);
        if (answer.status() == 0) round_trip = Clock::now() - start;
        answer.feed({room.data(), count});
        result = judge(answer, *check, round_trip);
        if (result || !fault) continue;
        // A server that answers at once may close before the request is sent: its answer counts.
        const bool unasked = write_fault && !answer.begun();
        result = end_answer(answer, unasked ? write_fault : fault, *check);
        if (!result) result = judge(answer, *check, round_trip);
    }
    co_return *std::move(result);
}

}  // namespace

asio::awaitable<ProbeResult> try_http(CheckPtr check) {
    const auto start = Clock::now();
    const auto executor = co_await asio::this_coro::executor;
    Stream stream{executor};
    stream.expires_after(check->timeout);
    const auto [fault] = co_await stream.async_connect(endpoint_of(*check), nothrow);
    if (fault) co_return not_connected(result_of_stream(fault, *check));
    auto result = co_await ask(stream, check, start);
    co_return result;
}

asio::awaitable<ProbeResult> try_https(CheckPtr check) {
    const auto start = Clock::now();
    const auto executor = co_await asio::this_coro::executor;
    TlsStream stream{executor, context_for(*check)};
    // As curl and browsers do: some servers, and relays in front of them, choose by the protocol
    // (RFC 7301).
    constexpr std::array<unsigned char, 9> protocols{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    SSL_set_alpn_protos(stream.native_handle(), protocols.data(), protocols.size());
    auto result = co_await open_tls(stream, check);
    if (!result) result = co_await ask(stream, check, start);
    co_return *std::move(result);
}

asio::awaitable<ProbeResult> try_tls(CheckPtr check) {
    const auto start = Clock::now();
    const auto executor = co_await asio::this_coro::executor;
    TlsStream stream{executor, context_for(*check)};
    auto result = co_await open_tls(stream, check);
    if (!result) result = result_of_days(days_left(stream), *check, Clock::now() - start);
    co_return *std::move(result);
}

}  // namespace probes
