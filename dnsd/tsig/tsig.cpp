// SPDX-License-Identifier: Apache-2.0
#include "dnsd/tsig/tsig.hpp"

#include "dnsd/wire/record_reader.hpp"
#include "geo/base/big_endian.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <new>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace transfer {
namespace {

constexpr std::uint16_t tsig_type = 250;
constexpr std::size_t shortest_mac = 16;  // RFC 8945 §5.2.2.1: less is FORMERR
constexpr std::uint16_t fudge = 300;      // seconds, as RFC 8945 §10 recommends

const zones::Name& hmac_sha256() {
    static const auto name = *zones::Name::from_text("hmac-sha256.", zones::Name{});
    return name;
}

void put(Message& to, wire::Octets octets) {
    to.insert(to.end(), octets.begin(), octets.end());
}

void append(Message& message, const TsigRecord& tsig) {
    put(message, tsig.key.wire());
    geo::append_number(message, tsig_type, 2);
    geo::append_number(message, wire::tsig_class, 2);
    geo::append_number(message, 0, 4);
    geo::append_number(
        message,
        tsig.algorithm.length() + wire::tsig_fixed_rdata + tsig.mac.size() + tsig.other.size(), 2);
    put(message, tsig.algorithm.wire());
    geo::append_number(message, tsig.time, 6);
    geo::append_number(message, tsig.fudge, 2);
    geo::append_number(message, tsig.mac.size(), 2);
    put(message, tsig.mac);
    geo::append_number(message, tsig.original_id, 2);
    geo::append_number(message, tsig.error, 2);
    geo::append_number(message, tsig.other.size(), 2);
    put(message, tsig.other);
    wire::write16(message, 10, wire::read16(message, 10) + std::size_t{1});
}

/// The fault that an answer tells of.
TsigFault told(std::uint16_t error) {
    switch (static_cast<TsigFault>(error)) {
        case TsigFault::None:
            return TsigFault::None;
        case TsigFault::BadKey:
            return TsigFault::BadKey;
        case TsigFault::BadTime:
            return TsigFault::BadTime;
        case TsigFault::BadTrunc:
            return TsigFault::BadTrunc;
        case TsigFault::BadSig:
        case TsigFault::Unsigned:
        case TsigFault::Malformed:
            break;
    }
    return TsigFault::BadSig;
}

}  // namespace

std::array<std::uint8_t, mac_size> mac_of(const TsigKey& key, wire::Octets digested) {
    std::array<std::uint8_t, mac_size> mac{};
    // Null when memory is short; anybody could make the octets that `mac` then has.
    if (::HMAC(::EVP_sha256(), key.secret.data(), static_cast<int>(key.secret.size()),
               digested.data(), digested.size(), mac.data(), nullptr) == nullptr)
        throw std::bad_alloc{};
    return mac;
}

boost::system::result<TsigRecord, TsigFault> read_tsig(wire::Octets message) {
    auto reader = wire::RecordReader::open(message);
    if (!reader) return TsigFault::Malformed;
    wire::Record record;
    bool any = false;
    while (reader->left() > 0) {
        if (!reader->next(record)) return TsigFault::Malformed;
        any = record.type == tsig_type;
        if (any && (reader->left() > 0 || record.section != wire::Section::Additional))
            return TsigFault::Malformed;
    }
    if (!reader->at_end()) return TsigFault::Malformed;
    if (!any) return TsigFault::Unsigned;
    const auto tsig = wire::read_tsig_record(message, record.at);
    if (!tsig) return TsigFault::Malformed;
    return *tsig;
}

Message without_tsig(wire::Octets message, const TsigRecord& tsig) {
    Message plain{message.begin(), message.begin() + static_cast<std::ptrdiff_t>(tsig.at)};
    wire::write16(plain, 0, tsig.original_id);
    wire::write16(plain, 10, wire::read16(plain, 10) - std::size_t{1});
    return plain;
}

Message TsigChain::digested(wire::Octets message, const TsigRecord& tsig) const {
    Message digest;
    digest.reserve(message.size() + 512);
    if (passed_ > 0) {
        geo::append_number(digest, previous_.size(), 2);
        put(digest, previous_);
    }
    put(digest, message);
    // From the second message of an answer on, only the times are signed (§5.3.1).
    const bool whole = passed_ < 2;
    if (whole) {
        put(digest, tsig.key.wire());
        geo::append_number(digest, wire::tsig_class, 2);
        geo::append_number(digest, 0, 4);
        put(digest, tsig.algorithm.wire());
    }
    geo::append_number(digest, tsig.time, 6);
    geo::append_number(digest, tsig.fudge, 2);
    if (whole) {
        geo::append_number(digest, tsig.error, 2);
        geo::append_number(digest, tsig.other.size(), 2);
        put(digest, tsig.other);
    }
    return digest;
}

std::size_t TsigChain::size() const noexcept {
    constexpr std::size_t head = 10;  // type, class, TTL, length
    constexpr std::size_t clock = 6;  // what BADTIME brings
    return key_->name.length() + head + hmac_sha256().length() + wire::tsig_fixed_rdata + mac_size +
           clock;
}

void TsigChain::sign(Message& message, UnixSeconds time, TsigFault error) {
    TsigRecord tsig{.at = message.size(),
                    .key = key_->name,
                    .algorithm = hmac_sha256(),
                    .time = time,
                    .fudge = fudge,
                    .mac = {},
                    .original_id = wire::read16(message, 0),
                    .error = static_cast<std::uint16_t>(error),
                    .other = {}};
    Message clock;
    if (error == TsigFault::BadTime) {
        // §5.2.3: the asker's time, so that it can verify this message, and ours beside it.
        geo::append_number(clock, time, 6);
        tsig.other = clock;
        tsig.time = asked_;
    }
    if (passed_ == 0) asked_ = time;
    const auto mac = mac_of(*key_, digested(message, tsig));
    tsig.mac = mac;
    append(message, tsig);
    previous_.assign(mac.begin(), mac.end());
    ++passed_;
}

TsigFault TsigChain::verify(wire::Octets message, UnixSeconds now) {
    const auto tsig = read_tsig(message);
    if (!tsig) return tsig.error();
    if (!(tsig->key == key_->name) || !(tsig->algorithm == hmac_sha256())) return TsigFault::BadKey;
    if (passed_ > 0 && tsig->error != 0 && tsig->mac.empty()) return told(tsig->error);
    if (tsig->mac.size() > mac_size || tsig->mac.size() < shortest_mac) return TsigFault::Malformed;
    const auto mac = mac_of(*key_, digested(without_tsig(message, *tsig), *tsig));
    if (::CRYPTO_memcmp(mac.data(), tsig->mac.data(), tsig->mac.size()) != 0)
        return TsigFault::BadSig;
    if (tsig->mac.size() < mac_size) return TsigFault::BadTrunc;
    if (passed_ == 0) asked_ = tsig->time;
    previous_.assign(mac.begin(), mac.end());
    ++passed_;
    const auto apart = tsig->time > now ? tsig->time - now : now - tsig->time;
    if (apart > tsig->fudge) return TsigFault::BadTime;
    return passed_ > 1 ? told(tsig->error) : TsigFault::None;
}

UnixSeconds unix_now() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<UnixSeconds>(std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

}  // namespace transfer
