package dev.apprentice.engine.model;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a small Llama as GGUF, right in every part until a test spoils one. */
final class GgufBytes {
    /** A tensor; {@code ne} with the fastest dimension first, as the file has it. */
    @SuppressWarnings("ArrayRecordComponent")
    record Tensor(int type, long[] ne, byte[] data) {}

    /** A value with its type's number, for types that Java doesn't tell apart. */
    record Typed(int type, Object value) {}

    final Map<String, Object> metadata = new LinkedHashMap<>();
    final Map<String, Tensor> tensors = new LinkedHashMap<>();
    int magic = 0x4655_4747;
    int version = 3;
    long extraTensors;
    long extraEntries;
    int alignment = 32;

    GgufBytes() {
        metadata.put("general.architecture", "llama");
        metadata.put("llama.block_count", 1);
        metadata.put("llama.embedding_length", 8);
        metadata.put("llama.feed_forward_length", 6);
        metadata.put("llama.context_length", 64);
        metadata.put("llama.attention.head_count", 2);
        metadata.put("llama.attention.head_count_kv", 1);
        metadata.put("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        metadata.put("tokenizer.ggml.model", "gpt2");
        metadata.put("tokenizer.ggml.pre", "smollm");
        metadata.put("tokenizer.ggml.tokens", List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>", "a", "b", "ab"));
        metadata.put("tokenizer.ggml.token_type", List.of(3, 3, 3, 1, 1, 1));
        metadata.put("tokenizer.ggml.merges", List.of("a b"));
        metadata.put("tokenizer.ggml.bos_token_id", 1);
        metadata.put("tokenizer.ggml.eos_token_id", 2);
        tensor("token_embd.weight", 8, 6);
        tensor("blk.0.attn_norm.weight", 8);
        tensor("blk.0.attn_q.weight", 8, 8);
        tensor("blk.0.attn_k.weight", 8, 4);
        tensor("blk.0.attn_v.weight", 8, 4);
        tensor("blk.0.attn_output.weight", 8, 8);
        tensor("blk.0.ffn_norm.weight", 8);
        tensor("blk.0.ffn_gate.weight", 8, 6);
        tensor("blk.0.ffn_up.weight", 8, 6);
        tensor("blk.0.ffn_down.weight", 6, 8);
        tensor("output_norm.weight", 8);
    }

    /** An F32 tensor whose values count up by 1/1024 from its number in the file. */
    void tensor(String name, long... ne) {
        long size = 1;
        for (long length : ne) {
            size *= length;
        }
        var data = ByteBuffer.allocate(Math.toIntExact(4 * size)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size; i++) {
            data.putFloat(tensors.size() + i / 1024f);
        }
        tensors.put(name, new Tensor(0, ne, data.array()));
    }

    byte[] bytes() {
        var out = new Little();
        out.u32(magic).u32(version);
        out.u64(tensors.size() + extraTensors).u64(metadata.size() + extraEntries);
        metadata.forEach((key, value) -> out.text(key).value(value));
        long offset = 0;
        for (var tensor : tensors.entrySet()) {
            out.text(tensor.getKey()).u32(tensor.getValue().ne.length);
            for (long length : tensor.getValue().ne) {
                out.u64(length);
            }
            out.u32(tensor.getValue().type).u64(offset);
            offset += padded(tensor.getValue().data.length);
        }
        out.pad();
        for (var tensor : tensors.values()) {
            out.bytes.writeBytes(tensor.data);
            out.pad();
        }
        return out.bytes.toByteArray();
    }

    private long padded(long size) {
        return Math.ceilDiv(size, alignment) * alignment;
    }

    /** Little-endian bytes. */
    private final class Little {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Little u32(int value) {
            bytes.writeBytes(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(value)
                    .array());
            return this;
        }

        Little u64(long value) {
            bytes.writeBytes(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(value)
                    .array());
            return this;
        }

        Little text(String text) {
            var utf8 = text.getBytes(StandardCharsets.UTF_8);
            u64(utf8.length);
            bytes.writeBytes(utf8);
            return this;
        }

        void value(Object value) {
            u32(type(value));
            if (value instanceof List<?> list) {
                u32(list.isEmpty() ? 4 : type(list.getFirst())).u64(list.size());
                list.forEach(this::bare);
            } else {
                bare(value);
            }
        }

        private int type(Object value) {
            return switch (value) {
                case Integer i -> 4;
                case Float f -> 6;
                case Boolean b -> 7;
                case String s -> 8;
                case List<?> l -> 9;
                case Long l -> 10;
                case Typed typed -> typed.type;
                default -> throw new AssertionError(value.getClass());
            };
        }

        private void bare(Object value) {
            switch (value) {
                case Integer i -> u32(i);
                case Float f -> u32(Float.floatToRawIntBits(f));
                case Boolean b -> bytes.write(b ? 1 : 0);
                case String s -> text(s);
                case Long l -> u64(l);
                case Typed typed -> bare(typed.value);
                case byte[] raw -> bytes.writeBytes(raw);
                case List<?> list -> value(list);
                default -> throw new AssertionError(value.getClass());
            }
        }

        void pad() {
            while (bytes.size() % alignment != 0) {
                bytes.write(0);
            }
        }
    }
}
