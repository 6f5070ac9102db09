// SPDX-License-Identifier: Apache-2.0
#include "probes/check/aside.hpp"

#include "probes/check/fault.hpp"

#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cerrno>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include <sys/eventfd.h>
#include <unistd.h>

namespace probes {
namespace {

namespace asio = boost::asio;
using Stream = asio::posix::stream_descriptor;

constexpr std::chrono::milliseconds turn{5};  // how long a call waits for others to end

/// The names of the calls under way. Never destroyed: a thread that hung may come back at any time.
class UnderWay {
 public:
    static UnderWay& instance() {
        static auto* const all = new UnderWay;
        return *all;
    }
    enum class Begun : std::uint8_t { Yes, IsUnderWay, TooMany };
    Begun begin(const std::string& name) {
        const std::lock_guard lock{mutex_};
        if (names_.contains(name)) return Begun::IsUnderWay;
        if (names_.size() >= most_calls_aside) return Begun::TooMany;
        names_.insert(name);
        return Begun::Yes;
    }
    void end(const std::string& name) {
        const std::lock_guard lock{mutex_};
        names_.erase(name);
    }

 private:
    std::mutex mutex_;
    std::set<std::string> names_;
};

/// Shared by the caller and the thread: either may end first.
class Outcome {
 public:
    Outcome() : event_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
        if (event_ < 0) throw std::system_error{errno, std::generic_category()};
    }
    Outcome(const Outcome&) = delete;
    Outcome& operator=(const Outcome&) = delete;
    ~Outcome() { ::close(event_); }

    void set(ProbeResult result) {
        {
            const std::lock_guard lock{mutex_};
            result_ = std::move(result);
        }
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(event_, &one, sizeof one);
    }
    std::optional<ProbeResult> take() {
        const std::lock_guard lock{mutex_};
        return std::exchange(result_, std::nullopt);
    }
    /// Returns a descriptor of the caller's own that is readable once there is a result.
    [[nodiscard]] int watch() const {
        const int copy = ::dup(event_);
        if (copy < 0) throw std::system_error{errno, std::generic_category()};
        return copy;
    }

 private:
    int event_;
    std::mutex mutex_;
    std::optional<ProbeResult> result_;
};

void call_here(const std::string& name, const std::function<ProbeResult()>& call,
               const std::shared_ptr<Outcome>& outcome) noexcept {
    ProbeResult result;
    try {
        result = call();
    } catch (const std::exception&) {
        result.text = "out of memory";
    }
    UnderWay::instance().end(name);  // before anybody hears of it and calls again
    outcome->set(std::move(result));
}

}  // namespace

asio::awaitable<ProbeResult> call_aside(std::string name, std::function<ProbeResult()> call,
                                        std::chrono::milliseconds timeout) {
    const auto executor = co_await asio::this_coro::executor;
    const auto outcome = std::make_shared<Outcome>();
    Stream end{executor, outcome->watch()};
    asio::steady_timer deadline{executor, timeout};
    for (auto begun = UnderWay::instance().begin(name); begun != UnderWay::Begun::Yes;
         begun = UnderWay::instance().begin(name)) {
        if (begun == UnderWay::Begun::IsUnderWay)
            co_return no_word("an earlier look at it has not come back");
        if (deadline.expiry() <= Clock::now())
            co_return no_word("too many others do not come back");
        asio::steady_timer moment{executor, turn};
        co_await moment.async_wait(asio::use_awaitable);
    }
    try {
        std::thread{call_here, name, std::move(call), outcome}.detach();
    } catch (...) {
        UnderWay::instance().end(name);
        throw;
    }
    // The group cancels and awaits the one that comes second, so nothing outlives this frame.
    auto race = asio::experimental::make_parallel_group(
        end.async_wait(Stream::wait_read, asio::deferred), deadline.async_wait(asio::deferred));
    co_await race.async_wait(asio::experimental::wait_for_one{}, asio::use_awaitable);
    if (auto result = outcome->take()) co_return *std::move(result);
    co_return no_word("it does not answer within " + to_text(timeout));
}

}  // namespace probes
