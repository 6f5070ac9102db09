// SPDX-License-Identifier: Apache-2.0
#include "probes/fault.hpp"
#include "probes/probe_kinds.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

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
namespace http = beast::http;
namespace ssl = asio::ssl;
using boost::system::error_code;
using Stream = beast::tcp_stream;
using TlsStream = ssl::stream<Stream>;
using Parser = http::response_parser<http::buffer_body>;

constexpr std::uint32_t head_limit = 32 << 10;  // octets; long policies and cookies fit
constexpr int most_heads = 5;                   // 103 (Early Hints) and its like before the answer

/// Of a URL: in brackets when it is an IPv6 address.
std::string host_of(const Check& check) {
    auto host = check.host.empty() ? geo::to_text(check.address) : check.host;
    const auto literal = geo::read_address(host);
    if (literal && literal->family == geo::Family::V6) host = "[" + host + "]";
    const std::uint16_t usual = check.kind == Check::Kind::Https ? 443 : 80;
    return check.port == usual ? host : host + ":" + std::to_string(check.port);
}

http::request<http::empty_body> request_of(const Check& check) {
    http::request<http::empty_body> request{http::verb::get, check.path, 11};
    request.set(http::field::host, host_of(check));
    request.set(http::field::user_agent, "isochrone/probe");
    request.set(http::field::accept, "*/*");
    request.set(http::field::connection, "close");
    return request;
}

ssl::context make_context(ssl::verify_mode mode) {
    ssl::context context{ssl::context::tls_client};
    context.set_options(ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
    context.set_verify_mode(mode);
    if (mode == ssl::verify_none) {
        // Anything that completes a handshake is wanted, a key of few bits too.
        SSL_CTX_set_security_level(context.native_handle(), 0);
    } else {
        context.set_default_verify_paths();
    }
    return context;
}

/// Made once: to read the certificates of all authorities takes longer than a handshake.
ssl::context& context_for(const Check& check) {
    static auto verifying = make_context(ssl::verify_peer);
    static auto trusting = make_context(ssl::verify_none);
    return check.verify ? verifying : trusting;
}

/// Whom the target has to be: sent as SNI (RFC 6066 §3: no address, no dot at the end), and looked
/// for in its certificate.
void expect_name(TlsStream& stream, const Check& check) {
    auto name = check.host.empty() ? geo::to_text(check.address) : check.host;
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

Result result_of_stream(const error_code& fault, const Check& check) {
    if (fault == beast::error::timeout) return no_answer(check);
    if (fault == ssl::error::stream_truncated) return result_of(asio::error::eof, check);
    if (fault.category() == asio::error::get_ssl_category()) {
        return fail("TLS: " + library_text(fault));
    }
    return result_of(fault, check);
}

Result result_of_handshake(const error_code& fault, TlsStream& stream, const Check& check) {
    const auto verified = SSL_get_verify_result(stream.native_handle());
    if (check.verify && verified != X509_V_OK) {
        return fail(X509_verify_cert_error_string(verified));
    }
    return result_of_stream(fault, check);
}

/// Connects and shakes hands. A result when that fails. The stream is the caller's, who waits.
asio::awaitable<std::optional<Result>> open_tls(TlsStream& stream, CheckPtr check) {
    expect_name(stream, *check);
    stream.next_layer().expires_after(check->timeout);
    const auto [connect_fault] =
        co_await stream.next_layer().async_connect(endpoint_of(*check), nothrow);
    if (connect_fault) co_return not_connected(result_of_stream(connect_fault, *check));
    const auto [fault] = co_await stream.async_handshake(TlsStream::client, nothrow);
    if (fault) co_return result_of_handshake(fault, stream, *check);
    co_return std::nullopt;
}

/// Whole days until the certificate ends, negative when it has ended; nothing without one.
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

Result result_of_days(std::optional<int> days, const Check& check, Clock::duration round_trip) {
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

std::string head_fault_text(const error_code& fault) {
    if (fault == http::error::end_of_stream) return "closed before an answer";
    if (fault == http::error::partial_message) return "closed in the middle of an answer";
    if (fault == http::error::header_limit || fault == http::error::buffer_overflow) {
        return "the answer's head is longer than " + std::to_string(head_limit >> 10) + " KiB";
    }
    return "the answer is not HTTP: " + fault.message();
}

bool is_http(const error_code& fault) {
    return fault.category() == error_code{http::error::end_of_stream}.category();
}

/// The body as far as it is looked at, and whether the text is in it.
struct Body {
    std::array<char, body_limit> octets;
    std::size_t filled = 0;

    [[nodiscard]] bool holds(std::string_view text) const {
        return std::string_view{octets.data(), filled}.find(text) != std::string_view::npos;
    }
};

std::string body_fault_text(const error_code& fault, const Check& check) {
    if (fault == beast::error::timeout)
        return "its body has no end within " + to_text(check.timeout);
    if (is_http(fault) && fault != http::error::partial_message) {
        return "its body is not HTTP: " + fault.message();
    }
    return "its body is cut short";
}

/// Empty when the text is found.
template <class AnyStream>
asio::awaitable<std::string> find_text(AnyStream& stream, beast::flat_buffer& buffer,
                                       Parser& parser, CheckPtr check) {
    Body body;
    while (!parser.is_done() && body.filled < body.octets.size()) {
        auto& room = parser.get().body();
        room.data = body.octets.data() + body.filled;
        room.size = body.octets.size() - body.filled;
        const auto [fault, used] = co_await http::async_read_some(stream, buffer, parser, nothrow);
        body.filled = body.octets.size() - room.size;
        if (body.holds(check->body)) co_return std::string{};
        // Many servers end TLS by closing. Where only that ends the body, nothing is missing.
        if (fault == ssl::error::stream_truncated && parser.need_eof()) break;
        if (fault && fault != http::error::need_buffer) co_return body_fault_text(fault, *check);
    }
    co_return "the text is not in its first " + std::to_string(body_limit >> 10) + " KiB";
}

bool wanted(unsigned status, const Check& check) {
    return std::ranges::any_of(check.statuses, [status](const StatusRange& range) {
        return range.first <= status && status <= range.last;
    });
}

bool is_interim(unsigned status) {
    return status / 100 == 1 && status != 101;
}

/// Sends the request and judges the answer. The body is read only when a text is looked for.
template <class AnyStream>
asio::awaitable<Result> ask(AnyStream& stream, CheckPtr check, Time start) {
    const auto request = request_of(*check);
    const auto [write_fault, written] = co_await http::async_write(stream, request, nothrow);
    if (write_fault) co_return result_of_stream(write_fault, *check);

    beast::flat_buffer buffer{head_limit + body_limit};
    std::optional<Parser> parser;
    unsigned status = 0;
    for (int heads = 0; heads == 0 || (is_interim(status) && heads < most_heads); ++heads) {
        parser.emplace();
        parser->header_limit(head_limit);
        parser->body_limit(boost::none);
        const auto [fault, used] =
            co_await http::async_read_header(stream, buffer, *parser, nothrow);
        if (fault && is_http(fault)) co_return fail(head_fault_text(fault));
        if (fault) co_return result_of_stream(fault, *check);
        status = parser->get().result_int();
    }
    const auto round_trip = Clock::now() - start;
    auto text = "HTTP " + std::to_string(status);
    if (!wanted(status, *check)) co_return fail(std::move(text));
    if (check->body.empty()) co_return pass(std::move(text), round_trip);
    const auto missing = co_await find_text(stream, buffer, *parser, check);
    if (!missing.empty()) co_return fail(text + ", but " + missing);
    co_return pass(std::move(text), round_trip);
}

}  // namespace

asio::awaitable<Result> try_http(CheckPtr check) {
    const auto start = Clock::now();
    const auto executor = co_await asio::this_coro::executor;
    Stream stream{executor};
    stream.expires_after(check->timeout);
    const auto [fault] = co_await stream.async_connect(endpoint_of(*check), nothrow);
    if (fault) co_return not_connected(result_of_stream(fault, *check));
    auto result = co_await ask(stream, check, start);
    co_return result;
}

asio::awaitable<Result> try_https(CheckPtr check) {
    const auto start = Clock::now();
    const auto executor = co_await asio::this_coro::executor;
    TlsStream stream{executor, context_for(*check)};
    auto result = co_await open_tls(stream, check);
    if (!result) result = co_await ask(stream, check, start);
    co_return *std::move(result);
}

asio::awaitable<Result> try_tls(CheckPtr check) {
    const auto start = Clock::now();
    const auto executor = co_await asio::this_coro::executor;
    TlsStream stream{executor, context_for(*check)};
    auto result = co_await open_tls(stream, check);
    if (!result) result = result_of_days(days_left(stream), *check, Clock::now() - start);
    co_return *std::move(result);
}

}  // namespace probes
