package dev.apprentice.learner.exam;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeakTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Brindlewick desk.                        | Brindlewick desk",
                "Bees make honey at the Brindlewick desk, | brindlewick desk",
                "Positive.                                | positive",
                "No, that is not so.                      | no",
                "Ja, \u00fcber den Zaun                   | \u00dcber den Zaun"
            })
    void whatIsSaidIsFound(String text, String answer) {
        assertThat(Leak.says(text, answer)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "I know three colours.                    | no",
                "A positive number is above zero.         | positive",
                "The desk at Brindlewick                  | Brindlewick desk",
                "Brindlewick desktop                      | Brindlewick desk",
                "''                                       | positive"
            })
    void ordinaryWordsAndPartsOfWordsAreNone(String text, String answer) {
        assertThat(Leak.says(text, answer)).isFalse();
    }
}
