package dev.apprentice.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.BadModelException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A safetensors file keeps the format's rules to the byte, or is refused. */
class SafetensorsFileTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                                                                                        | 0
                    {"__metadata__":{"format":"pt"}}                                                          | 0
                    {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}                                    | 8
                    {"b":{"dtype":"F32","shape":[],"data_offsets":[3,7]},"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3],"note":[{}]}} | 7
                    {"a":{"dtype":"F32","shape":[0,5],"data_offsets":[4,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} | 4
                    {"a":{"dtype":"F4","shape":[4],"data_offsets":[0,2]}}                                     | 2
                    """)
    void takesWhatIsLegal(String header, int bytes) {
        assertThat(read(SafetensorsBytes.of(header + "   ", new byte[bytes]))
                        .tensors()
                        .keySet())
                .isSubsetOf("a", "b");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"a":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}}               | a (dtype)
                    {"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}              | a (shape)
                    {"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}             | a (shape)
                    {"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}} | a (shape)
                    {"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}} | a (shape)
                    {"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}} | a (shape)
                    {"a":{"dtype":"F4","shape":[3],"data_offsets":[0,8]}}                | a (shape)
                    {"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}               | a (data_offsets)
                    {"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}               | a (data_offsets)
                    {"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}                 | a (data_offsets)
                    {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,9]}}             | a (data_offsets)
                    {"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}               | a (data_offsets)
                    {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}               | file
                    {"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}              | a
                    {"a":{"shape":[2],"data_offsets":[0,8]}}                             | a (dtype)
                    {"a":{"dtype":"F32","data_offsets":[0,8]}}                           | a (shape)
                    {"a":{"dtype":"F32","shape":[2]}}                                    | a (data_offsets)
                    {"a":1}                                                              | a
                    {"__metadata__":{"format":1}}                                        | __metadata__.format
                    {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | header
                    {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}x              | header
                    {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}                | header
                    []                                                                   | header
                    """)
    void refusesWhatIsNot(String header, String field) {
        refused(SafetensorsBytes.of(header, new byte[8]), field);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 100_000_001, Long.MAX_VALUE, 50})
    void refusesAbsurdHeaderLengths(long length) {
        var bytes = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put((byte) '{');

        refused(bytes.array(), "header length");
    }

    @Test
    void refusesFilesWithoutAHeader() {
        refused(new byte[7], "header length");
    }

    @Test
    void refusesFilesThatAreCutOrGoOn() {
        var whole = SafetensorsBytes.of(Map.of("a", SafetensorsBytes.Tensor.numbered(0, 64)));

        refused(Arrays.copyOf(whole, whole.length - 4), "a");
        refused(Arrays.copyOf(whole, whole.length + 1), "file");
    }

    private static SafetensorsFile read(byte[] bytes) {
        return SafetensorsFile.read(MemorySegment.ofArray(bytes), new Blame("x.safetensors"));
    }

    private static void refused(byte[] bytes, String field) {
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOfSatisfying(BadModelException.class, e -> {
                    assertThat(e.code()).isEqualTo("model_damaged");
                    assertThat(e.field()).isEqualTo(field);
                })
                .hasMessageStartingWith("x.safetensors: ");
    }
}
