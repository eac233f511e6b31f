package dev.apprentice.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.Value;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Makes messages of any type, good in form and odd in what they say, and spoils their bytes. */
final class ProtoMutation {
    /** Whose it may be, since every id that is there may be changed or deleted here. */
    static final String INSTANCE = "fuzz-own";

    private static final List<String> TEXTS = List.of(
            "",
            "\0",
            "base",
            INSTANCE,
            "fuzz-nobody",
            "base@7",
            INSTANCE + "@99999999999999",
            "user",
            "assistant",
            "tool",
            "les_unknown",
            "chatcmpl-unknown",
            "../../etc/passwd",
            "' or 1=1 --",
            "\ud83d\ude00\u202e\r\ninjected: 1",
            "%41%zz",
            "x".repeat(5000));

    private static final List<Double> NUMBERS =
            List.of(0., -0., -1., .5, 1e308, 4.9e-324, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

    private static final List<Long> WHOLE = List.of(
            0L, 1L, -1L, 2L, (long) Integer.MAX_VALUE, (long) Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE);

    /** Without it a request that is good all the same would be answered at length. */
    private static final Set<String> LIMITS = Set.of("max_tokens");

    private static final int DEPTH_MAX = 4;

    /** Deeper than protobuf reads, which is a hundred. */
    private static final int TOO_DEEP = 150;

    private final RandomGenerator random;

    ProtoMutation(RandomGenerator random) {
        this.random = random;
    }

    /** What may have been made an instance of. */
    static List<String> names() {
        return TEXTS;
    }

    /** Bytes for a method that takes {@code type}: most can be read, and say something odd. */
    byte[] of(Descriptor type) {
        var bytes = message(type, 0).toByteArray();
        return switch (random.nextInt(10)) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            case 1 -> noise();
            case 2 -> flipped(bytes);
            case 3 -> deep(type);
            case 4 -> withUnknownField(bytes);
            case 5 -> new byte[0];
            default -> bytes;
        };
    }

    private Message message(Descriptor type, int depth) {
        if (type.getFullName().equals("google.protobuf.Struct") && random.nextBoolean()) {
            return struct(random.nextInt(20));
        }
        var builder = DynamicMessage.newBuilder(type);
        for (var field : type.getFields()) {
            if (LIMITS.contains(field.getName())) {
                builder.setField(field, random.nextInt(3));
            } else if (random.nextInt(3) > 0 && (depth < DEPTH_MAX || !isMessage(field))) {
                if (field.isRepeated()) {
                    for (int i = random.nextInt(3); i > 0; i--) {
                        builder.addRepeatedField(field, value(field, depth));
                    }
                } else {
                    builder.setField(field, value(field, depth));
                }
            }
        }
        return builder.build();
    }

    private static boolean isMessage(FieldDescriptor field) {
        return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
    }

    private Object value(FieldDescriptor field, int depth) {
        return switch (field.getJavaType()) {
            case STRING -> TEXTS.get(random.nextInt(TEXTS.size()));
            case INT -> WHOLE.get(random.nextInt(WHOLE.size())).intValue();
            case LONG -> WHOLE.get(random.nextInt(WHOLE.size()));
            case DOUBLE -> NUMBERS.get(random.nextInt(NUMBERS.size()));
            case FLOAT -> NUMBERS.get(random.nextInt(NUMBERS.size())).floatValue();
            case BOOLEAN -> random.nextBoolean();
            case BYTE_STRING -> ByteString.copyFrom(noise());
            case ENUM -> field.getEnumType().getValues().getFirst();
            case MESSAGE -> message(field.getMessageType(), depth + 1);
        };
    }

    private Struct struct(int depth) {
        var inner = Value.newBuilder().setNumberValue(NUMBERS.get(random.nextInt(NUMBERS.size())));
        for (var i = 0; i < depth; i++) {
            inner = Value.newBuilder().setStructValue(Struct.newBuilder().putFields("properties", inner.build()));
        }
        return Struct.newBuilder()
                .putFields("type", inner.build())
                .putFields(TEXTS.get(random.nextInt(TEXTS.size())), inner.build())
                .build();
    }

    /** Messages in messages, field one in field one, whatever they are. */
    private byte[] deep(Descriptor type) {
        var bytes = message(type, 0).toByteString();
        for (var i = 0; i < TOO_DEEP; i++) {
            bytes = nested(1 + random.nextInt(4), bytes);
        }
        return bytes.toByteArray();
    }

    private static ByteString nested(int field, ByteString inner) {
        return UnknownFieldSet.newBuilder()
                .addField(
                        field,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(inner)
                                .build())
                .build()
                .toByteString();
    }

    private static byte[] withUnknownField(byte[] bytes) {
        var more = nested(4711, ByteString.copyFrom("who knows", StandardCharsets.UTF_8));
        return ByteString.copyFrom(bytes).concat(more).toByteArray();
    }

    /** Also what is no UTF-8: a lone surrogate, an overlong form, a byte that never is. */
    private byte[] flipped(byte[] bytes) {
        var copy = bytes.clone();
        for (int i = Math.min(3, copy.length); i > 0; i--) {
            copy[random.nextInt(copy.length)] = (byte) (0x80 + random.nextInt(0x80));
        }
        return copy;
    }

    private byte[] noise() {
        var bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return bytes;
    }
}
