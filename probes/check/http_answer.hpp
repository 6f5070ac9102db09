// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads an HTTP/1 answer as it arrives (RFC 9112), as leniently as browsers and curl: lines may end
// in LF alone, a reason may be missing, and fields may be folded, repeated or invalid. The answer
// only decides whether an edge lives and is passed on to nobody, so leniency does no harm. Knows no
// socket.

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
        Done,  // the body has ended, or enough of it has arrived
        Bad,   // see fault()
    };
    /// The most octets of all heads together, as many as curl accepts.
    static constexpr std::size_t head_limit = 300 << 10;

    /// Keeps at most `most_of_body` octets of the body.
    explicit HttpAnswer(std::size_t most_of_body) : most_of_body_{most_of_body} {}

    void feed(std::string_view octets);
    /// Tells that the other side has closed. A body that ends by closing is then complete; anything
    /// else that is incomplete is Bad. As in other clients, fields without the empty line after
    /// them count as a whole head, but half a status line does not.
    void end();

    [[nodiscard]] Stage stage() const noexcept { return stage_; }
    /// True if any octet has arrived.
    [[nodiscard]] bool begun() const noexcept { return head_size_ > 0; }
    /// Returns the status; 0 until the head is complete.
    [[nodiscard]] unsigned status() const noexcept { return head_is_whole_ ? status_ : 0; }
    [[nodiscard]] const std::string& body() const noexcept { return body_; }
    /// True if the body lasts until the connection is closed.
    [[nodiscard]] bool ends_by_closing() const noexcept {
        return stage_ == Stage::Body && part_ == Part::Rest;
    }
    /// Returns why the answer is Bad: "the answer is not HTTP: …", "its body is cut short".
    [[nodiscard]] const std::string& fault() const noexcept { return fault_; }

 private:
    enum class Part : std::uint8_t { Sized, Rest, ChunkSize, Chunk, ChunkEnd, Trailer };

    void fail(std::string fault);
    /// True when `line_` holds a complete line, without its end. Takes the line's octets off
    /// `octets`.
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
    std::string field_;  // the previous line, while the next one may continue it
    std::size_t head_size_ = 0;
    unsigned status_ = 0;  // 0: there was no status line yet
    bool head_is_whole_ = false;
    bool chunked_ = false;
    bool sized_ = false;
    std::uint64_t left_ = 0;  // octets left of the body, or of its chunk
    std::string body_;
    std::string fault_;
};

}  // namespace probes
