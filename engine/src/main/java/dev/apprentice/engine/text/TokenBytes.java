package dev.apprentice.engine.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The bytes that a token's text in the vocabulary stands for. */
final class TokenBytes {
    /**
     * GPT-2's table backwards: bytes 33–126, 161–172 and 174–255 stand for themselves, the other 68 for U+0100 and on.
     */
    private static final int[] BYTE_OF = inverse();

    private TokenBytes() {}

    private static int[] inverse() {
        var byteOf = new int[256 + 68];
        java.util.Arrays.fill(byteOf, -1);
        int other = 256;
        for (int b = 0; b < 256; b++) {
            boolean itself = (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
            byteOf[itself ? b : other++] = b;
        }
        return byteOf;
    }

    static byte[] of(String text, TokenizerFile.Kind kind) {
        return switch (kind) {
            case BYTE_LEVEL -> byteLevel(text);
            case SENTENCE_PIECE ->
                text.matches("<0x[0-9A-Fa-f]{2}>")
                        ? new byte[] {(byte) Integer.parseInt(text, 3, 5, 16)}
                        : text.replace('\u2581', ' ').getBytes(StandardCharsets.UTF_8);
            case PLAIN -> text.getBytes(StandardCharsets.UTF_8);
        };
    }

    private static byte[] byteLevel(String text) {
        var bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= BYTE_OF.length || BYTE_OF[c] < 0) {
                return text.getBytes(StandardCharsets.UTF_8);
            }
            bytes.write(BYTE_OF[c]);
        }
        return bytes.toByteArray();
    }
}
