// SPDX-License-Identifier: Apache-2.0
#pragma once
// Authorities and certificates for TLS tests, and a server that shows one.

#include "tests/probes/server.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace probes_test {

template <auto free>
struct Free {
    template <class T>
    void operator()(T* object) const {
        free(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using X509Handle = std::unique_ptr<X509, Free<X509_free>>;

struct Certificate {
    Key key;
    X509Handle x509;
};

struct Subject {
    std::string name;                 // common name
    std::string alternative_names{};  // "DNS:plex.example.com,IP:127.0.0.1"; empty: an authority
    std::chrono::hours from{-24};     // counted from now
    std::chrono::hours until{63 * 24 + 1};
};

enum class KeyKind : std::uint8_t { Usual, TooShort };

/// Signed by `issuer`, or by itself when there is none. Throws when OpenSSL does not want to.
[[nodiscard]] Certificate make_certificate(const Subject& subject, const Certificate* issuer,
                                           KeyKind kind = KeyKind::Usual);
[[nodiscard]] std::string pem_of(const Certificate& certificate);

/// A connection inside TLS, as the server has it.
using TlsScript = std::function<void(SSL* tls)>;
struct TlsOptions {
    int newest = TLS1_3_VERSION;
    std::string protocol{};  // who does not offer it (RFC 7301) gets no answer; empty: anybody may
};
/// Shakes hands with this certificate, and then follows `inner`; the certificate must outlive it.
[[nodiscard]] Server::Script tls_server(const Certificate& certificate, TlsScript inner,
                                        TlsOptions options = {});
/// Reads a request and answers; closes without a word of TLS.
[[nodiscard]] TlsScript tls_answer(std::string text);

}  // namespace probes_test
