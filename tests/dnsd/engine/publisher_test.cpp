// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/publisher.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

using engine::Publisher;

TEST_CASE("a reader sees what was published last") {
    Publisher<int> publisher{std::make_shared<const int>(1)};
    Publisher<int>::Reader reader{publisher};
    CHECK(reader.get() == 1);
    publisher.publish(std::make_shared<const int>(2));
    publisher.publish(std::make_shared<const int>(3));
    CHECK(reader.get() == 3);
    CHECK(*publisher.current() == 3);
    Publisher<int>::Reader late{publisher};
    CHECK(late.get() == 3);
}

TEST_CASE(
    "an old value is given away once the last reader has let go of it, and no reader frees it") {
    auto first = std::make_shared<const int>(1);
    const std::weak_ptr<const int> watched = first;
    Publisher<int> publisher{std::move(first)};
    Publisher<int>::Reader one{publisher};
    Publisher<int>::Reader two{publisher};
    publisher.publish(std::make_shared<const int>(2));
    CHECK(publisher.take_unread().empty());
    CHECK(one.get() == 2);
    CHECK(publisher.take_unread().empty());
    CHECK(two.get() == 2);
    CHECK_FALSE(watched.expired());
    CHECK(publisher.take_unread().size() == 1);
    CHECK(watched.expired());
    CHECK(publisher.take_unread().empty());
}

TEST_CASE("readers in other threads never go back, and end at the newest") {
    struct Value {
        std::uint64_t number;
        std::uint64_t copy;  // torn values would differ
    };
    constexpr std::uint64_t last = 20'000;
    Publisher<Value> publisher{std::make_shared<const Value>(Value{0, 0})};
    std::atomic<unsigned> faults{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&] {
            Publisher<Value>::Reader reader{publisher};
            for (std::uint64_t seen = 0; seen < last;) {
                const auto& value = reader.get();
                if (value.number < seen || value.number != value.copy) ++faults;
                seen = value.number;
            }
        });
    }
    for (std::uint64_t i = 1; i <= last; ++i)
        publisher.publish(std::make_shared<const Value>(Value{i, i}));
    for (auto& thread : threads) thread.join();
    CHECK(faults == 0);
}
