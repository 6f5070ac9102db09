// SPDX-License-Identifier: Apache-2.0
// Counts what the process allocates: through malloc where that can be replaced, and through
// operator new under a sanitizer, which keeps malloc to itself.
#include "tests/dnsd/everything.hpp"
#include "tests/dnsd/measured_world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <new>

namespace {

std::atomic<std::size_t> allocations{0};

}  // namespace

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

void* operator new(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc{};
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    ++allocations;
    return std::malloc(size);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

#else

// The names by which glibc keeps its own.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) {
    ++allocations;
    return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
    ++allocations;
    return __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) {
    ++allocations;
    return __libc_realloc(memory, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    ++allocations;
    return __libc_memalign(alignment, size);
}
}

#endif

TEST_CASE("what is allocated is counted") {
    const auto before = allocations.load();
    const auto memory = std::make_unique<std::uint64_t>(before);
    CHECK(allocations.load() > before);
    CHECK(*memory == before);
}

TEST_CASE("no query allocates, whatever its outcome, its transport and the health of edges") {
    std::vector<support::Bytes> messages;
    for (const auto& query : support::queries_for_everything()) {
        messages.push_back(support::to_bytes(query));
        auto cut = messages.back();
        cut.resize(cut.size() - 1);
        messages.push_back(std::move(cut));
    }
    for (const auto* name : {"_probes.example.", "newyork._probes.example.", "_why.example."}) {
        messages.push_back(support::to_bytes({.name = name, .type = "TXT"}));
    }
    support::Bytes out(65535);
    geo::Random random{1};
    std::size_t worst = 0;
    std::size_t octets = 0;
    std::size_t deferred = 0;
    for (auto& world : support::everything_in_all_health()) {
        world.snapshot.observers = {*geo::read_prefix("127.0.0.0/8")};
        for (const auto transport : {engine::Transport::Udp, engine::Transport::Tcp}) {
            for (const auto* from : {"127.0.0.1", "20.1.2.3", "2400::1", "::ffff:16.1.2.3"}) {
                const engine::Client client{
                    .address = *geo::read_address(from), .transport = transport, .lane = 0};
                for (const auto& message : messages) {
                    const auto before = allocations.load();
                    const auto size = engine::respond(world.snapshot, message, client, random, out);
                    worst = std::max(worst, allocations.load() - before);
                    (size == engine::deferred ? deferred : octets) +=
                        size == engine::deferred ? 1 : size;
                }
            }
        }
    }
    CHECK(worst == 0);
    CHECK(octets > 500 * messages.size());
    CHECK(deferred == 5 * 2 * 3);  // to leave a query to another thread is the network's business
}

TEST_CASE("no query allocates where measured networks are answered by themselves") {
    const auto world = support::measured_world();
    support::Bytes out(65535);
    geo::Random random{1};
    std::size_t worst = 0;
    std::size_t octets = 0;
    for (const auto* from :
         {"20.1.2.3", "20.1.9.9", "2a00:1:2::1", "::ffff:20.1.2.3", "24.0.0.1"}) {
        const engine::Client client{.address = *geo::read_address(from)};
        for (const auto* subnet :
             {"", "20.1.2.0/24", "20.1.2.128/25", "2a00:1:2::/48", "24.1.0.0/16"}) {
            const auto message = support::to_bytes(support::query_from("example.", "A", subnet));
            const auto before = allocations.load();
            octets += engine::respond(world.snapshot, message, client, random, out);
            worst = std::max(worst, allocations.load() - before);
        }
    }
    CHECK(worst == 0);
    CHECK(octets > 1000);
}
