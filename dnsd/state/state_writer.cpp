// SPDX-License-Identifier: Apache-2.0
#include "dnsd/state/state_writer.hpp"

#include "dnsd/threads/surely.hpp"
#include "geo/base/file.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include <utility>

namespace control {
namespace {

namespace asio = boost::asio;

constexpr std::size_t largest = 256 << 20;  // octets of a file

asio::awaitable<void> nothing() {
    co_return;
}

}  // namespace

bool StateWriter::open() {
    auto folder = StateFolder::open(path_);
    if (!folder) {
        spdlog::warn("states are not kept, and no commands taken: {}", folder.error().text);
        return false;
    }
    folder_.emplace(std::move(*folder));
    if (!folder_->exposure().empty()) spdlog::warn("{}", folder_->exposure());
    return true;
}

void StateWriter::restore(const std::string& path, const Take& take) const {
    const auto text = probes::read_file(path, largest);
    if (!text) {
        spdlog::warn("what was known is lost: {}", text.error().text);
    } else if (*text) {
        const auto taken = take(**text);
        if (!taken) spdlog::warn("{}: {}", path, taken.error().text);
    }
}

void StateWriter::write(std::string path, std::string text) {
    if (!folder_) return;
    run_on(background_, "writing of a state",
           [this, path = std::move(path), text = std::move(text)] { replace(path, text); });
    ++writes_;
}

void StateWriter::run(std::function<geo::Result<void>()> work) {
    if (!folder_) return;
    run_on(background_, "writing of a state", [this, work = std::move(work)] { tell(work()); });
}

/// Comes after all that is in the background's queue.
asio::awaitable<void> StateWriter::written() {
    co_await asio::co_spawn(background_, nothing(), asio::use_awaitable);
}

void StateWriter::replace(const std::string& path, const std::string& text) {
    const auto fault = probes::replace_file(path, text);
    tell(fault ? geo::Result<void>{*fault} : geo::Result<void>{});
}

void StateWriter::tell(const geo::Result<void>& written) {
    const auto fault = written ? std::string{} : written.error().text;
    const auto told = std::exchange(fault_, fault);
    if (!written && told != fault) spdlog::error("states are not kept: {}", fault);
    if (written && !told.empty()) spdlog::info("states are kept again");
}

}  // namespace control
