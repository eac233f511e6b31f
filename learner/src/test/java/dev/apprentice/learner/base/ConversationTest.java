package dev.apprentice.learner.base;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.text.ChatMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConversationTest {
    private static final ChatMessage ASKED = ChatMessage.of("user", "Where is it?");
    private static final ChatMessage SYSTEM = ChatMessage.of("system", "Be brief.");
    private static final ChatMessage DEVELOPER = ChatMessage.of("developer", "Be polite.");

    @Test
    void theInstancesPromptAppliesWhereTheRequestBringsNone() {
        assertThat(Conversation.under("Be brief.", List.of(ASKED))).containsExactly(SYSTEM, ASKED);
        assertThat(Conversation.under("Be brief.", List.of(DEVELOPER, ASKED))).containsExactly(DEVELOPER, ASKED);
        assertThat(Conversation.under(null, List.of(ASKED))).containsExactly(ASKED);
    }

    @Test
    void examplesStandBehindTheSystemMessage() {
        var turn = ChatMessage.of("assistant", "Here.");

        assertThat(Conversation.with(List.of(ASKED, turn), List.of(SYSTEM, ASKED)))
                .containsExactly(SYSTEM, ASKED, turn, ASKED);
    }
}
