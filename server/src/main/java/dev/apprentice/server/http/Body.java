package dev.apprentice.server.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.TooLargeException;
import io.helidon.http.HeaderNames;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** The body of a request, read once, never beyond its limit. */
public final class Body {
    /** How much of a body that is too large is still read, so that the client hears why instead of a broken pipe. */
    private static final long DRAINED_BYTES_MAX = 64L << 20;

    private Body() {}

    /** The JSON object in the body of {@code request}. */
    public static Fields json(ServerRequest request, long bytesMax) {
        checkType(request, "application/json");
        return Fields.of(parse(bytes(request, bytesMax)));
    }

    /** The JSON object in the body, or an empty one where there is no body at all. */
    public static Fields jsonOrEmpty(ServerRequest request, long bytesMax) {
        return request.content().hasEntity() ? json(request, bytesMax) : Fields.of(Wire.object());
    }

    /** The raw body, which must be said to be of {@code type}. */
    public static byte[] bytes(ServerRequest request, String type, long bytesMax) {
        checkType(request, type);
        return bytes(request, bytesMax);
    }

    /** How bodies may be packed. */
    public static ContentEncodingContext encodings() {
        return Gunzip.context();
    }

    /** The raw body, which must be said to be of one of {@code types}. */
    public static byte[] bytes(ServerRequest request, List<String> types, long bytesMax) {
        var said = type(request, types.getFirst());
        checkType(request, types.contains(said) ? said : types.getFirst());
        return bytes(request, bytesMax);
    }

    /** The JSON that {@code bytes} are, which may begin with a byte order mark. */
    public static JsonNode parse(byte[] bytes) {
        var text = text(bytes);
        try {
            var tree = Wire.parse(text.startsWith("\uFEFF") ? text.substring(1) : text);
            if (tree.isMissingNode()) {
                throw new InvalidRequestException(
                        "invalid_json", "the body is empty; expected a JSON object", Fault.NONE);
            }
            Surrogates.check(tree);
            return tree;
        } catch (JsonProcessingException e) {
            var place = e.getLocation();
            var where = place == null ? "" : " at line " + place.getLineNr() + ", column " + place.getColumnNr();
            throw new InvalidRequestException(
                    "invalid_json",
                    "the body is not valid JSON" + where + ": " + e.getOriginalMessage(),
                    Fault.NONE,
                    e);
        }
    }

    /** RFC 8259 §8.1: JSON that is exchanged is UTF-8. */
    private static String text(byte[] bytes) {
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        var in = ByteBuffer.wrap(bytes);
        try {
            return decoder.decode(in).toString();
        } catch (CharacterCodingException e) {
            throw new InvalidRequestException(
                    "invalid_utf8", "the body is not UTF-8: bad bytes at offset " + in.position(), Fault.NONE, e);
        }
    }

    private static byte[] bytes(ServerRequest request, long bytesMax) {
        var declared = request.headers().contentLength().orElse(-1);
        if (declared > bytesMax) {
            throw tooLarge(request, bytesMax, declared + " bytes");
        }
        if (!request.content().hasEntity()) {
            return new byte[0];
        }
        try (var in = request.content().inputStream()) {
            var bytes = in.readNBytes(Math.toIntExact(bytesMax) + 1);
            if (bytes.length > bytesMax) {
                throw tooLarge(request, bytesMax, "more");
            }
            return bytes;
        } catch (IOException e) {
            throw new InvalidRequestException("unreadable_body", "the body broke off while it was read", Fault.NONE, e);
        }
    }

    private static TooLargeException tooLarge(ServerRequest request, long bytesMax, String found) {
        drain(request);
        var expected = "at most " + bytesMax + " bytes";
        return new TooLargeException(
                "body_too_large",
                "the body must be " + expected + ", found " + found,
                Fault.of("body", expected, found));
    }

    /**
     * Reads on over a body that nobody has read: Helidon closes the connection otherwise, without having said so. A
     * body that cannot be read to its end changes nothing about the answer; were it thrown on, Helidon would answer
     * 500.
     */
    static void skipUnread(ServerRequest request) {
        if (request.content().hasEntity() && !request.content().consumed()) {
            drain(request);
        }
    }

    private static void drain(ServerRequest request) {
        if (request.headers().first(HeaderNames.EXPECT).isPresent() && !request.continueSent()) {
            return; // a client that asked first sends nothing after a refusal
        }
        try (InputStream in = request.content().inputStream()) {
            in.skip(DRAINED_BYTES_MAX);
        } catch (IOException | RuntimeException e) { // whatever it is that breaks off, is malformed, or does not come
            System.getLogger(Body.class.getName())
                    .log(System.Logger.Level.DEBUG, "event=drain_failed reason=" + e.getMessage());
        }
    }

    private static String type(ServerRequest request, String expected) {
        var said = request.headers().first(HeaderNames.CONTENT_TYPE).orElse(expected);
        return said.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    private static void checkType(ServerRequest request, String expected) {
        var type = type(request, expected);
        if (!type.equals(expected)) {
            throw new RefusedException(
                    Refusal.of(415, "unsupported_media_type", "Content-Type must be " + expected + ", found " + type)
                            .with("Accept", expected));
        }
    }
}
