// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a server remembers over restarts, in files of its state folder: read once, and written whole in
// the background, one after another.

#include "dnsd/state/state_folder.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace control {

class StateWriter {
 public:
    /// Writes on the one thread of `background`, which is joined before this ends.
    StateWriter(boost::asio::thread_pool& background, const std::string& folder)
        : background_{background}, path_{folder} {}

    /// Takes the folder. False when that fails: then nothing is kept, and that is logged.
    [[nodiscard]] bool open();
    /// Whether it has the folder.
    [[nodiscard]] bool keeps() const noexcept { return folder_.has_value(); }
    /// Gives the text of a file to `take`, which says what is wrong with it. No file is no fault.
    void restore(const std::string& path,
                 const std::function<std::string(const std::string& text)>& take) const;

    /// Replaces a file, some time later; by any thread. A fault is logged once, not every time.
    /// Nothing happens without a folder.
    void write(std::string path, std::string text);
    /// Has something written by other means, which says what went wrong.
    void run(std::function<std::string()> work);
    /// How many have been given to it.
    [[nodiscard]] std::uint64_t writes() const noexcept { return writes_; }
    /// Goes on, on whatever thread it is awaited, when all of these have been written.
    [[nodiscard]] boost::asio::awaitable<void> written();

 private:
    void replace(const std::string& path, const std::string& text);
    void tell(const std::string& fault);

    boost::asio::thread_pool& background_;
    const std::string& path_;
    std::optional<StateFolder> folder_;
    std::atomic<std::uint64_t> writes_{0};
    std::string fault_;  // of the last one; of the background
};

}  // namespace control
