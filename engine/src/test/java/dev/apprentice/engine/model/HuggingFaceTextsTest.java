package dev.apprentice.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.BadModelException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stops, special tokens, templates and sampling come from where transformers takes them. */
class HuggingFaceTextsTest {
    @TempDir
    Path path;

    private TinyFolder folder;

    @BeforeEach
    void makeFolder() {
        folder = new TinyFolder(path.resolve("tiny"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    2    | -        | -                        | 2
                    2    | [3, 4]   | -                        | 2 3 4
                    2    | [3, 4]   | "a"                      | 2 3 4
                    2    | 4        | {"content": "ab"}        | 2 4 5
                    null | [1]      | null                     | 1
                    [0]  | null     | "</s>"                   | 0 2
                    null | -        | -                        | -
                    """)
    void stopsAreTheUnionOfAllPlaces(String config, String generation, String token, String stops) {
        folder.config.put("eos_token_id", json(config));
        if (generation != null) {
            folder.file("generation_config.json", "{\"eos_token_id\": " + generation + "}");
        }
        if (token != null) {
            folder.file("tokenizer_config.json", "{\"eos_token\": " + token + "}");
        }

        try (var model = folder.open()) {
            var ids = model.specials().stopIds();
            assertThat(stops == null ? "" : stops)
                    .isEqualTo(String.join(
                            " ",
                            java.util.Arrays.stream(ids)
                                    .mapToObj(String::valueOf)
                                    .toList()));
        }
    }

    @Test
    void readsSpecialTokensInEverySpelling() {
        folder.file("tokenizer_config.json", """
                {"bos_token": {"content": "<s>", "lstrip": false}, "eos_token": "</s>", "pad_token": null,
                 "model_max_length": 1000000000000000019884624838656, "add_bos_token": true}""");
        folder.file("special_tokens_map.json", "{\"unk_token\": \"<unk>\", \"pad_token\": \"a\"}");

        try (var model = folder.open()) {
            assertThat(model.specials().bos()).isEqualTo("<s>");
            assertThat(model.specials().eos()).isEqualTo("</s>");
            assertThat(model.specials().unk()).isEqualTo("<unk>");
            assertThat(model.specials().pad()).isNull();
            assertThat(model.specials().addBos()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>"}},{"Sequence":{"id":"A"}}]} | true
                    {"type":"Sequence","processors":[{"type":"ByteLevel"},{"single":[{"SpecialToken":{"id":"<s>"}}]}]} | true
                    {"type":"TemplateProcessing","single":[{"Sequence":{"id":"A"}},{"SpecialToken":{"id":"<s>"}}]} | false
                    null | false
                    """)
    void bosIsAddedWhereThePostProcessorDoes(String processor, boolean adds) {
        folder.file("tokenizer_config.json", "{\"bos_token\": \"<s>\"}");
        var tokenizer = TinyFolder.tokenizer("<unk>", "<s>", "</s>", "a", "b", "ab");
        folder.file("tokenizer.json", "{\"post_processor\":" + processor + "," + tokenizer.substring(1));

        try (var model = folder.open()) {
            assertThat(model.specials().addBos()).isEqualTo(adds);
        }
    }

    @Test
    void templateFilesWin() {
        folder.file("chat_template.jinja", "file");
        folder.file("additional_chat_templates/tool_use.jinja", "tools");
        folder.file("tokenizer_config.json", "{\"chat_template\": \"config\"}");

        assertTemplates("default=file", "tool_use=tools");
    }

    @Test
    void templatesOfTheTokenizerConfigurationComeNext() {
        folder.file("tokenizer_config.json", "{\"chat_template\": \"config\"}");
        folder.file("chat_template.json", "{\"chat_template\": \"older\"}");

        assertTemplates("default=config");
    }

    @Test
    void templatesMayBeNamed() {
        folder.file("tokenizer_config.json", """
                {"chat_template": [{"name": "tool_use", "template": "T"}, {"name": "default", "template": "D"}]}""");

        assertTemplates("default=D", "tool_use=T");
    }

    @Test
    void theOldestTemplateFileIsTheLast() {
        folder.file("chat_template.json", "{\"chat_template\": \"older\"}");

        assertTemplates("default=older");
    }

    @Test
    void aModelMayHaveNoTemplate() {
        assertTemplates();
    }

    @Test
    void readsRecommendedSampling() {
        folder.file(
                "generation_config.json",
                "{\"temperature\": 0.6, \"top_p\": 0.95, \"top_k\": 20, \"repetition_penalty\": 1.05, \"do_sample\": true}");

        try (var model = folder.open()) {
            assertThat(model.defaults()).isEqualTo(new GenerationDefaults(0.6, 0.95, 20, 1.05, true));
        }
    }

    @Test
    void recommendsNothingWithoutAFile() {
        try (var model = folder.open()) {
            assertThat(model.defaults()).isEqualTo(GenerationDefaults.NONE);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    generation_config.json | {"eos_token_id": 12}                       | eos_token_id
                    generation_config.json | {"eos_token_id": [-1]}                     | eos_token_id
                    generation_config.json | {"eos_token_id": "2"}                      | eos_token_id
                    generation_config.json | {"temperature": NaN}                       | temperature
                    generation_config.json | {"top_p": 1.5}                             | top_p
                    generation_config.json | {"do_sample": 1}                           | do_sample
                    tokenizer_config.json  | {"eos_token": "<gone>"}                    | eos_token
                    tokenizer_config.json  | {"bos_token": ["<s>"]}                     | bos_token
                    tokenizer_config.json  | {"chat_template": 1}                       | chat_template
                    tokenizer_config.json  | {"chat_template": [{"name": "default"}]}   | chat_template
                    tokenizer_config.json  | {"eos_token": "a", "eos_token": "b"}       | file
                    """)
    void namesWhatCannotBe(String file, String json, String field) {
        folder.file(file, json);

        assertThatThrownBy(folder::open)
                .isInstanceOfSatisfying(
                        BadModelException.class, e -> assertThat(e.field()).isEqualTo(field))
                .hasMessageContaining(file);
    }

    private void assertTemplates(String... expected) {
        try (var model = folder.open()) {
            assertThat(model.chatTemplates().entrySet()).map(Object::toString).containsExactly(expected);
            assertThat(model.templateDigest()).hasSize(64);
        }
    }

    private static Object json(String text) {
        return JsonFile.parse(
                        ("{\"x\":" + text + "}").getBytes(java.nio.charset.StandardCharsets.UTF_8), new Blame("x"))
                .root()
                .get("x");
    }
}
