package dev.apprentice.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.Seams;
import dev.apprentice.engine.model.BaseModel;
import dev.apprentice.engine.model.SpecialTokens;
import dev.apprentice.engine.model.hub.KnownModels;
import dev.apprentice.engine.model.hub.ModelStore;
import dev.apprentice.engine.model.hub.Progress;
import dev.apprentice.engine.model.hub.StoreSettings;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.engine.text.ChatTemplate;
import dev.apprentice.engine.text.Tokenizer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Templates and tokenizers, of folders and of GGUF files, give the texts and ids that transformers gives. */
class TextReferenceTest {

    static Stream<ReferenceCase> cases() {
        return ReferenceCase.all().stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void promptsAreThoseOfTransformers(ReferenceCase reference) {
        try (var base = BaseModel.open(reference.model());
                var tokenizer = Tokenizer.open(base.tokenizerJson())) {
            var template = template(base, tokenizer);
            for (var prompt : reference.prompts()) {
                if (prompt.messages().isEmpty()) {
                    assertThat(raw(base.specials(), tokenizer, prompt.text()))
                            .as(prompt.text())
                            .containsExactly(prompt.ids());
                    continue;
                }
                var messages = new ArrayList<ChatMessage>();
                for (int i = 0; i < prompt.messages().size(); i += 2) {
                    messages.add(ChatMessage.of(
                            prompt.messages().get(i), prompt.messages().get(i + 1)));
                }
                var rendered = template.render(messages, List.of(), true, Map.of());

                assertThat(rendered.text()).isEqualTo(prompt.text());
                assertThat(rendered.ids()).as(prompt.text()).containsExactly(prompt.ids());
            }
        }
    }

    @Test
    void theDefaultModelsPromptsAndIdsAreThoseOfTransformers() {
        var known = KnownModels.bundled();
        var store = new ModelStore(StoreSettings.of(known, System.getenv()), Seams.real(), Progress.SILENT);
        var expected =
                ReferenceCase.json(ReferenceCase.home().resolve("smollm2").resolve("smollm2.json"));
        try (var base = BaseModel.open(store.resolve(known.standard()));
                var tokenizer = Tokenizer.open(base.tokenizerJson())) {
            assertThat(base.digest()).isEqualTo(expected.get("sha256").asText());
            for (var string : expected.get("strings")) {
                var text = string.get("text").asText();
                assertThat(tokenizer.encode(text, false))
                        .as(text)
                        .containsExactly(ReferenceCase.ints(string.get("ids")));
            }
            var template = template(base, tokenizer);
            for (var chat : expected.get("chats")) {
                var messages = new ArrayList<ChatMessage>();
                for (var message : chat.get("messages")) {
                    messages.add(ChatMessage.of(
                            message.get("role").asText(), message.get("content").asText()));
                }
                var rendered = template.render(messages, List.of(), true, Map.of());

                assertThat(rendered.text()).isEqualTo(chat.get("text").asText());
                assertThat(rendered.ids()).as(rendered.text()).containsExactly(ReferenceCase.ints(chat.get("ids")));
                assertThat(tokenizer.decode(ReferenceCase.ints(chat.get("greedy")), true))
                        .isEqualTo(chat.get("answer").asText());
            }
        }
    }

    /** A tokenizer made of GGUF metadata adds nothing by itself. */
    private static int[] raw(SpecialTokens specials, Tokenizer tokenizer, String text) {
        var ids = tokenizer.encode(text, true);
        if (!specials.addBos()) {
            return ids;
        }
        int bos = tokenizer.id(Objects.requireNonNull(specials.bos())).orElseThrow();
        return ids[0] == bos
                ? ids
                : IntStream.concat(IntStream.of(bos), IntStream.of(ids)).toArray();
    }

    private static ChatTemplate template(BaseModel base, Tokenizer tokenizer) {
        var source = new ChatTemplate.Source(
                base.chatTemplates(), tokens(base.specials()), base.specials().addBos());
        return new ChatTemplate(source, tokenizer, Clock.systemUTC());
    }

    private static Map<String, String> tokens(SpecialTokens specials) {
        var tokens = new HashMap<String, String>();
        put(tokens, "bos_token", specials.bos());
        put(tokens, "eos_token", specials.eos());
        put(tokens, "unk_token", specials.unk());
        put(tokens, "pad_token", specials.pad());
        return tokens;
    }

    private static void put(Map<String, String> tokens, String name, @Nullable String text) {
        if (text != null) {
            tokens.put(name, text);
        }
    }
}
