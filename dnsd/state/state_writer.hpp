// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads and writes the files of the state folder, in which a server keeps what it remembers over
// restarts. Each file is read once at start, and always written whole, in the background, one file
// after another.

#include "dnsd/state/state_folder.hpp"
#include "geo/base/result.hpp"

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
    /// Writes on the one thread of `background`. The caller joins that thread before this ends.
    StateWriter(boost::asio::thread_pool& background, const std::string& folder)
        : background_{background}, path_{folder} {}

    /// Takes the folder. If that fails, logs it and returns false; then nothing is kept.
    [[nodiscard]] bool open();
    /// True if this has the folder.
    [[nodiscard]] bool keeps() const noexcept { return folder_.has_value(); }
    /// Takes the text of a file. A fault says what is wrong with the text; the rest is taken.
    using Take = std::function<geo::Result<void>(const std::string& text)>;
    /// Gives the text of a file to `take`. Logs its fault, and a file that cannot be read. A missing
    /// file is no fault.
    void restore(const std::string& path, const Take& take) const;

    /// Replaces a file in the background. Any thread may call this. Logs the same fault once, not
    /// at each write. Does nothing without the folder.
    void write(std::string path, std::string text);
    /// The same for `work`, which writes by itself.
    void run(std::function<geo::Result<void>()> work);
    /// Returns how often write() was called with the folder taken.
    [[nodiscard]] std::uint64_t writes() const noexcept { return writes_; }
    /// Completes once everything given to write() and run() so far is written. Any thread may await
    /// it.
    [[nodiscard]] boost::asio::awaitable<void> written();

 private:
    void replace(const std::string& path, const std::string& text);
    void tell(const geo::Result<void>& written);

    boost::asio::thread_pool& background_;
    const std::string& path_;
    std::optional<StateFolder> folder_;
    std::atomic<std::uint64_t> writes_{0};
    std::string fault_;  // of the latest write; background thread only
};

}  // namespace control
