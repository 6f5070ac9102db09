// SPDX-License-Identifier: Apache-2.0
#pragma once
// When what is served is loaded again, and how much of it. A signal asks for everything, and a look at
// the files, which comes regularly, for what has changed. Signals that come together make one load.
// One load runs at a time: a signal that comes meanwhile makes one more. Pure: whoever has the signals,
// the timers and the thread of loads says what happens, and does what this answers.

#include <cstdint>

namespace control {

class Reloads {
 public:
    enum class Action : std::uint8_t {
        Nothing,
        Gather,          // wait for a moment, then call gathered()
        LoadChanges,     // then call taken() or not_taken()
        LoadEverything,  // the same
    };

    /// The caller has begun what was answered. Where it could not, it calls nothing: the next look
    /// makes up for it.
    void begun(Action action) noexcept;

    /// A signal has come.
    [[nodiscard]] Action signal() noexcept;
    /// The moment is over in which signals are gathered.
    [[nodiscard]] Action gathered() noexcept;
    /// It is time to look for changes. While signals are gathered, their load does that.
    [[nodiscard]] Action tick() noexcept;
    /// A load has ended, and what it has come to is in service, or is to be left.
    [[nodiscard]] Action taken() noexcept;
    /// A load has ended, but what it has loaded could not be put into service. As the loader takes it
    /// for served, the next load is one of everything.
    void not_taken() noexcept;

    bool operator==(const Reloads&) const = default;

 private:
    enum class Owed : std::uint8_t { Nothing, Gathering, Everything };

    Owed owed_ = Owed::Nothing;  // besides what is loading
    bool loading_ = false;
};

}  // namespace control
