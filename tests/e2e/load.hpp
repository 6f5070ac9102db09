// SPDX-License-Identifier: Apache-2.0
#pragma once
// Queries that go on while something else happens to the server.

#include "tests/e2e/client.hpp"

#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace e2e {

struct LoadResult {
    std::size_t asked = 0;
    std::size_t lost = 0;
    std::string wrong;  // the first answer that was not among the right ones
};

/// Asks one query over some UDP sockets and one TCP connection, each in a thread of its own. Few
/// are outstanding at a time, so that no buffer on the way can overflow: what is lost was lost by
/// the server.
class Load {
 public:
    Load(const Endpoint& server, Query query, std::set<std::string> right);
    ~Load();
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;

    /// Waits until so many more have been answered, so that the server is known to be busy.
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
