// SPDX-License-Identifier: Apache-2.0
#include "tests/dnsd/allocations/allocations.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <new>
#include <string_view>

#include <dlfcn.h>
#include <execinfo.h>

namespace support {

std::atomic<std::size_t> allocations{0};
std::atomic<std::size_t> allocations_of_others{0};
std::atomic<std::size_t> until_failure{0};
std::atomic<bool> only_new{false};

namespace {

thread_local bool spared = false;

/// Functions of libraries that allocate where no exception can leave: of nlohmann::json, what its
/// destructor calls to take a tree apart. Parts of their symbols.
constexpr std::array<std::string_view, 1> unmendable{"10json_value7destroyE"};

/// Whether the caller is called by one of those.
bool in_unmendable() noexcept {
    std::array<void*, 24> callers{};
    const auto count = ::backtrace(callers.data(), static_cast<int>(callers.size()));
    return std::any_of(callers.begin(), callers.begin() + count, [](void* caller) {
        Dl_info place{};
        if (::dladdr(caller, &place) == 0 || place.dli_sname == nullptr) return false;
        const std::string_view symbol{place.dli_sname};
        return std::ranges::any_of(
            unmendable, [&](auto part) { return symbol.find(part) != std::string_view::npos; });
    });
}

/// Counts one. Whether it is to fail.
bool fails() noexcept {
    ++allocations;
    if (spared) return false;
    ++allocations_of_others;
    for (auto left = until_failure.load(); left > 0;) {
        if (left == 1 && only_new && in_unmendable()) return false;  // the next one fails instead
        if (until_failure.compare_exchange_weak(left, left - 1)) return left == 1;
    }
    return false;
}

}  // namespace

void prepare_backtraces() {
    static_cast<void>(in_unmendable());
}

Spared::Spared() {
    spared = true;
}

Spared::~Spared() {
    spared = false;
}

}  // namespace support

using support::fails;
using support::only_new;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

void* operator new(std::size_t size) {
    if (void* memory = fails() ? nullptr : std::malloc(size)) return memory;
    throw std::bad_alloc{};
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return fails() ? nullptr : std::malloc(size);
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
    return !only_new && fails() ? nullptr : __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
    return !only_new && fails() ? nullptr : __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) {
    return !only_new && fails() ? nullptr : __libc_realloc(memory, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    return fails() ? nullptr : __libc_memalign(alignment, size);
}
}

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return only_new && fails() ? nullptr : std::malloc(size);
}
void* operator new(std::size_t size) {
    if (void* memory = operator new(size, std::nothrow)) return memory;
    throw std::bad_alloc{};
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

#endif
