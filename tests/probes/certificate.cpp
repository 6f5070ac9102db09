// SPDX-License-Identifier: Apache-2.0
#include "tests/probes/certificate.hpp"

#include <array>
#include <stdexcept>
#include <utility>

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

namespace probes_test {
namespace {

using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;
using Context = std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>>;
using Connection = std::unique_ptr<SSL, Free<SSL_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;

void require(bool done) {
    if (!done) throw std::runtime_error{"OpenSSL refuses to make a certificate"};
}

Key make_key(KeyKind kind) {
    Key key{kind == KeyKind::Usual ? EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")
                                   : EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", size_t{1024})};
    require(key != nullptr);
    return key;
}

void add_extension(X509* to, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
    const Extension extension{X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str())};
    require(extension != nullptr && X509_add_ext(to, extension.get(), -1) == 1);
}

void set_name(X509* certificate, const std::string& name) {
    auto* to = X509_get_subject_name(certificate);
    const auto octets = std::basic_string<unsigned char>{name.begin(), name.end()};
    require(X509_NAME_add_entry_by_txt(to, "CN", MBSTRING_UTF8, octets.data(),
                                       static_cast<int>(octets.size()), -1, 0) == 1);
}

void set_dates(X509* certificate, const Subject& subject) {
    using std::chrono::seconds;
    X509_gmtime_adj(X509_getm_notBefore(certificate), seconds{subject.from}.count());
    X509_gmtime_adj(X509_getm_notAfter(certificate), seconds{subject.until}.count());
}

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned offered_size, void* wanted) {
    const auto& protocol = *static_cast<const std::string*>(wanted);
    for (unsigned at = 0; at < offered_size; at += 1U + offered[at]) {
        const std::string offer{offered + at + 1, offered + at + 1 + offered[at]};
        if (offer != protocol) continue;
        *chosen = offered + at + 1;
        *size = offered[at];
        return SSL_TLSEXT_ERR_OK;
    }
    return SSL_TLSEXT_ERR_NOACK;
}

bool has_chosen(const SSL* tls, const std::string& protocol) {
    const unsigned char* chosen = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(tls, &chosen, &size);
    return protocol.empty() || protocol == std::string{chosen, chosen + size};
}

}  // namespace

Certificate make_certificate(const Subject& subject, const Certificate* issuer, KeyKind kind) {
    static long serial = 0;
    Certificate made{make_key(kind), X509Handle{X509_new()}};
    auto* x509 = made.x509.get();
    const auto& signer = issuer == nullptr ? made : *issuer;
    require(X509_set_version(x509, X509_VERSION_3) == 1);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), ++serial);
    set_name(x509, subject.name);
    set_dates(x509, subject);
    require(X509_set_issuer_name(x509, X509_get_subject_name(signer.x509.get())) == 1);
    require(X509_set_pubkey(x509, made.key.get()) == 1);
    if (subject.alternative_names.empty()) {
        add_extension(x509, signer.x509.get(), NID_basic_constraints, "critical,CA:TRUE");
    } else {
        add_extension(x509, signer.x509.get(), NID_subject_alt_name, subject.alternative_names);
    }
    require(X509_sign(x509, signer.key.get(), EVP_sha256()) > 0);
    return made;
}

std::string pem_of(const Certificate& certificate) {
    const Bio memory{BIO_new(BIO_s_mem())};
    require(PEM_write_bio_X509(memory.get(), certificate.x509.get()) == 1);
    std::string text(BIO_ctrl_pending(memory.get()), '\0');
    require(BIO_read(memory.get(), text.data(), static_cast<int>(text.size())) > 0);
    return text;
}

Server::Script tls_server(const Certificate& certificate, TlsScript inner, TlsOptions options) {
    const std::shared_ptr<SSL_CTX> context{SSL_CTX_new(TLS_server_method()), SSL_CTX_free};
    SSL_CTX_set_security_level(context.get(), 0);  // whatever a server may do, this one does
    SSL_CTX_ctrl(context.get(), SSL_CTRL_SET_MAX_PROTO_VERSION, options.newest, nullptr);
    require(SSL_CTX_use_certificate(context.get(), certificate.x509.get()) == 1);
    require(SSL_CTX_use_PrivateKey(context.get(), certificate.key.get()) == 1);
    const auto protocol = std::make_shared<const std::string>(options.protocol);
    // The script below keeps the text for as long as the context.
    SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol,
                               const_cast<std::string*>(protocol.get()));
    return [context, protocol, inner = std::move(inner)](int socket) {
        const Connection tls{SSL_new(context.get())};
        SSL_set_fd(tls.get(), socket);
        if (SSL_accept(tls.get()) == 1 && has_chosen(tls.get(), *protocol)) inner(tls.get());
    };
}

TlsScript tls_answer(std::string text) {
    return [text = std::move(text)](SSL* tls) {
        std::string head;
        std::array<char, 1024> octets{};
        while (head.find("\r\n\r\n") == std::string::npos) {
            const int size = SSL_read(tls, octets.data(), static_cast<int>(octets.size()));
            if (size <= 0) return;
            head.append(octets.data(), static_cast<std::size_t>(size));
        }
        SSL_write(tls, text.data(), static_cast<int>(text.size()));
    };
}

}  // namespace probes_test
