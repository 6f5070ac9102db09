// SPDX-License-Identifier: Apache-2.0
#pragma once
// An HTTP/1 answer as it comes (RFC 9112), read as browsers and curl read it: lines may end in LF
// alone, a reason may be missing, fields may be folded, repeated or no fields at all. It decides
// whether an edge lives, and is passed on to nobody, so that leniency does no harm. Knows no socket.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace probes {

class HttpAnswer {
 public:
    enum class Stage : std::uint8_t {
        Head,  // of the answer, or of interim ones (1xx) before it
        Body,  // the status is known
        Done,  // nothing more is looked at: the body has ended, or enough of it is there
        Bad,   // see fault()
    };
    /// Octets of all heads together, as many as curl takes.
    static constexpr std::size_t head_limit = 300 << 10;

    /// Keeps no more than so many octets of the body.
    explicit HttpAnswer(std::size_t most_of_body) : most_of_body_{most_of_body} {}

    void feed(std::string_view octets);
    /// The other side has closed: what ends by that has ended, anything else is Bad. Clients take
    /// fields without the empty line behind them for a whole head, but not half a status line.
    void end();

    [[nodiscard]] Stage stage() const noexcept { return stage_; }
    /// Whether anything has come.
    [[nodiscard]] bool begun() const noexcept { return head_size_ > 0; }
    /// 0 until the head is whole.
    [[nodiscard]] unsigned status() const noexcept { return head_is_whole_ ? status_ : 0; }
    [[nodiscard]] const std::string& body() const noexcept { return body_; }
    /// Whether the body goes on until the connection is closed.
    [[nodiscard]] bool ends_by_closing() const noexcept {
        return stage_ == Stage::Body && part_ == Part::Rest;
    }
    /// Why it is Bad: "the answer is not HTTP: …", "its body is cut short".
    [[nodiscard]] const std::string& fault() const noexcept { return fault_; }

 private:
    enum class Part : std::uint8_t { Sized, Rest, ChunkSize, Chunk, ChunkEnd, Trailer };

    void fail(std::string fault);
    /// True when `line_` holds a line without its end; takes its octets off `octets`.
    [[nodiscard]] bool take_line(std::string_view& octets, std::size_t limit);
    void read_head(std::string_view& octets);
    void read_head_line();
    void read_status_line();
    void read_field();
    void end_head();
    void read_body(std::string_view& octets);
    void take_body(std::string_view& octets, std::uint64_t at_most);
    void read_chunk_size();

    std::size_t most_of_body_;
    Stage stage_ = Stage::Head;
    Part part_ = Part::Rest;
    std::string line_;
    std::string field_;  // the line before, while the next one may go on with it
    std::size_t head_size_ = 0;
    unsigned status_ = 0;  // 0: there was no status line yet
    bool head_is_whole_ = false;
    bool chunked_ = false;
    bool sized_ = false;
    std::uint64_t left_ = 0;  // octets of the body, or of its chunk
    std::string body_;
    std::string fault_;
};

}  // namespace probes
