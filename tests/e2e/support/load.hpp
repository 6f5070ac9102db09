// SPDX-License-Identifier: Apache-2.0
#pragma once
// Sends queries while something else happens to the server.

#include "tests/e2e/support/client.hpp"

#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace e2e {

struct LoadResult {
    std::size_t asked = 0;
    std::size_t lost = 0;
    std::string wrong;  // the first answer that is not among the right ones
};

/// Asks one query over some UDP sockets and one TCP connection, each in a thread of its own. Few
/// queries are outstanding at a time, so no buffer on the way overflows: if one is lost, the server
/// has lost it.
class Load {
 public:
    Load(const Endpoint& server, Query query, std::set<std::string> right);
    ~Load();
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;

    /// Waits for so many more answers: then the server is busy.
    void await(std::size_t more) const;
    [[nodiscard]] LoadResult stop();

 private:
    template <class Client>
    void ask(const Endpoint& server, LoadResult& result);

    Query query_;
    std::set<std::string> right_;
    std::atomic<bool> stopping_{false};
    std::atomic<std::size_t> answered_{0};
    std::vector<LoadResult> results_;
    std::vector<std::thread> threads_;
};

}  // namespace e2e
