// SPDX-License-Identifier: Apache-2.0
#pragma once
// Datagrams that nobody waits for, sent as fast as one thread can, from random addresses of a prefix
// of loopback. `run` writes them to a file, each behind its length in two octets in network order.
// Answers to them are thrown away by the kernel: whoever spoofs addresses does not get them either.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace versus {

class Flood {
 public:
    /// `sources` as in 127.0.0.0/8; they must be addresses of this machine, as all of these are.
    /// Throws std::runtime_error when either is not what it should be.
    Flood(const std::filesystem::path& file, const std::string& sources, std::uint16_t port);
    ~Flood();
    Flood(const Flood&) = delete;
    Flood& operator=(const Flood&) = delete;

    /// Sends the next 32 datagrams; the file begins anew at its end.
    void send();
    [[nodiscard]] std::size_t sent() const noexcept { return sent_; }

 private:
    struct Batch;

    std::unique_ptr<Batch> batch_;
    std::size_t sent_ = 0;
};

}  // namespace versus
