package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.sampling.Constraint;
import dev.apprentice.engine.sampling.Grammar;
import dev.apprentice.engine.sampling.Grammars;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Random schemas against another's validator, over the vocabulary of the model that is served: what a form lets through
 * is valid, and what is valid it lets through. A nightly run asks for more schemas.
 */
@Timeout(1800)
@ExtendWith(SharedServer.class)
final class FormsServerTest {
    private static final int SCHEMAS = Integer.getInteger("apprentice.properties", 200);
    private static final int ANSWERS = 4;
    private static final int VALUES = 12;
    private static final int FAULTS_MAX = 20;

    private final Grammars grammars;
    private final FormWalk walk;
    private final List<String> faults = new ArrayList<>();

    FormsServerTest(Apprentice apprentice) {
        this.grammars = new Grammars(apprentice.engine().tokenizer());
        this.walk = new FormWalk(apprentice.engine().tokenizer());
    }

    private Optional<Grammar> grammar(String schema) {
        try {
            return Optional.of(Objects.requireNonNull(grammars.of(new Constraint.JsonSchema(schema))));
        } catch (InvalidRequestException e) {
            assertThat(e.code()).as("%s: %s", schema, e.getMessage()).isIn("unsupported_schema", "bad_regex");
            assertThat(e.field()).as("%s: %s", schema, e.getMessage()).startsWith("response_format");
            return Optional.empty();
        }
    }

    @Test
    void whatAFormLetsThroughIsValid() {
        int held = 0;
        for (int seed = 0; seed < SCHEMAS && faults.size() < FAULTS_MAX; seed++) {
            var schema = RandomSchema.of(new Random(seed));
            var grammar = grammar(schema.toString());
            if (grammar.isPresent()) {
                held++;
                var oracle = new FormOracle(schema);
                for (int i = 0; i < ANSWERS; i++) {
                    var answer = walk.text(grammar.get(), new Random(seed * 1000L + i));
                    if (answer.isEmpty()) {
                        faults.add("seed %d: %s lets no text come to an end".formatted(seed, schema));
                    }
                    var wrong = answer.map(oracle::faults).orElse(List.of());
                    if (!wrong.isEmpty()) {
                        faults.add("seed %d: %s lets %s through: %s".formatted(seed, schema, answer.get(), wrong));
                    }
                }
            }
        }
        assertThat(faults).as(String.join("\n", faults)).isEmpty();
        assertThat(held).as("schemas that are held to, of %d", SCHEMAS).isGreaterThan(SCHEMAS / 2);
    }

    @Test
    void addressesAreSuchIfOnlyTheirLastPartExists() {
        var schema = FormOracle.read("{\"type\":\"string\",\"format\":\"email\"}");
        var grammar = grammar(schema.toString()).orElseThrow();
        for (int seed = 0; seed < SCHEMAS; seed++) {
            var answer = walk.text(grammar, new Random(seed)).orElseThrow();
            var known = answer.replaceFirst("[a-z]+\"$", "com\"");
            assertThat(new FormOracle(schema).faults(known)).as(known).isEmpty();
        }
    }

    @Test
    void whatIsValidAFormLetsThrough() {
        int valid = 0;
        for (int seed = 0; seed < SCHEMAS && faults.size() < FAULTS_MAX; seed++) {
            var schema = RandomSchema.of(new Random(seed));
            var grammar = grammar(schema.toString());
            if (grammar.isPresent()) {
                var oracle = new FormOracle(schema);
                var closed = new FormOracle(FormOracle.closed(schema));
                var values = new RandomValue(new Random(seed), schema);
                for (int i = 0; i < VALUES; i++) {
                    var value = values.of(schema);
                    if (oracle.faults(value).isEmpty() && closed.faults(value).isEmpty()) {
                        valid++;
                        if (!walk.allows(grammar.get(), value.toString())) {
                            faults.add("seed %d: %s refuses %s".formatted(seed, schema, value));
                        }
                    }
                }
            }
        }
        assertThat(faults).as(String.join("\n", faults)).isEmpty();
        assertThat(valid).as("valid values").isGreaterThan(SCHEMAS * 2);
    }
}
