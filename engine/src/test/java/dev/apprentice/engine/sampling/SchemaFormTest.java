package dev.apprentice.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What texts a schema allows, and what it refuses (CASES C44). */
@Timeout(60)
class SchemaFormTest {
    private static final Vocabulary BYTES = bytes();

    private static Vocabulary bytes() {
        var tokens = new byte[256][];
        for (int b = 0; b < 256; b++) {
            tokens[b] = new byte[] {(byte) b};
        }
        return new Vocabulary(tokens, Map.of());
    }

    private static Grammar grammar(String schema) {
        return new Grammar(FormCompiler.of(new Constraint.JsonSchema(schema), BYTES), BYTES, new Masks(BYTES));
    }

    private static boolean allows(String schema, String text) {
        var at = grammar(schema).start();
        for (var b : text.getBytes(StandardCharsets.UTF_8)) {
            at = at == null ? null : at.after(b & 0xFF);
        }
        return at != null && at.mayEnd();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "{'type':'integer','minimum':0.5,'exclusiveMaximum':3} ~ 1 2 ~ 0 3 -1 1.0",
                "{'type':'integer','multipleOf':7} ~ 0 7 -14 700000007 ~ 1 8 -0 07",
                "{'type':'integer','multipleOf':5,'minimum':-10,'maximum':10} ~ -10 -5 0 10 ~ 15 3 -15",
                "{'type':'number','minimum':-0.25,'maximum':1.5} ~ -0.25 -0.1 0 0.99 1 1.5 1.50 ~ -0.26 1.51 2 -1 1e0",
                "{'type':'number','exclusiveMinimum':0,'exclusiveMaximum':1} ~ 0.1 0.001 0.9999 ~ 0 0.0 1 1.0 -0.5",
                "{'type':'number','exclusiveMinimum':2.5} ~ 2.51 3 100.25 ~ 2.5 2.50 2 -3",
                "{'type':'number','multipleOf':0.25,'minimum':0,'maximum':2} ~ 0 0.25 0.5 0.50 1.75 2 2.00 ~ 0.3 2.25 -0.5 0.1",
                "{'type':'number','multipleOf':0.01} ~ 12.34 -0.1 7 ~ 0.001 1.234",
                "{'type':'string','pattern':'^[a-z]+$','maxLength':3} ~ \"a\" \"abc\" ~ \"abcd\" \"\" \"A\"",
                "{'type':'string','pattern':'x','minLength':2,'maxLength':3} ~ \"ax\" \"xaa\" ~ \"x\" \"aaax\" \"ab\"",
                "{'type':['integer','null'],'minimum':3} ~ 3 null ~ 2 true",
                "{'type':'string','nullable':true} ~ null \"a\" ~ 1"
            })
    void numbersAndStringsAreHeldByAllTheirKeywords(String schema, String allowed, String refused) {
        check(schema, allowed, refused);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "{'type':'array','prefixItems':[{'type':'integer'},{'const':'b'}]} ~ [] [1] [1,\"b\"] [1,\"b\",{}] ~ [\"b\"] [1,2]",
                "{'type':'array','prefixItems':[{'const':1},{'const':2}],'items':false,'minItems':1} ~ [1] [1,2] ~ [] [1,2,3]",
                "{'type':'array','prefixItems':[{'const':1}],'items':{'const':0},'minItems':2,'maxItems':3} ~ [1,0] [1,0,0] ~ [1] [0,0] [1,0,0,0]",
                "{'type':'object','properties':{'a':{'const':1},'b':{'const':2},'c':{'const':3}},'minProperties':2,'maxProperties':2} ~ {\"a\":1,\"c\":3} {\"b\":2,\"c\":3} ~ {} {\"a\":1} {\"a\":1,\"b\":2,\"c\":3}",
                "{'type':'object','properties':{'ab':{'const':1}},'additionalProperties':{'type':'integer'}} ~ {} {\"ab\":1} {\"ab\":1,\"a\":7} {\"abc\":7} {\"\":2} ~ {\"ab\":2} {\"ab\":1,\"ab\":1} {\"x\":\"y\"}",
                "{'type':'object','additionalProperties':{'type':'boolean'},'maxProperties':1} ~ {} {\"k\":true} ~ {\"k\":true,\"l\":true}",
                "{'type':'object','additionalProperties':{'type':'integer'},'minProperties':2} ~ {\"k\":1,\"l\":2} {\"a/\":1,\"a\":1,\"ab\":1} ~ {} {\"k\":1} {\"k\":1,\"k\":2} {\"a/\":1,\"a\\/\":1}",
                "{'type':'object','propertyNames':{'pattern':'^[ab]$'},'additionalProperties':{'type':'object'}} ~ {\"a\":{\"a\":1},\"b\":{}} ~ {\"a\":{},\"a\":{}} {\"a\":{\"a\":1,\"a\":2}}",
                "{'anyOf':[{'type':'object','properties':{'a':{},'b':{}},'required':['a','b']},{'type':'object'}]} ~ {\"a\":1,\"b\":1} {\"b\":1,\"a\":1} ~ {\"a\":1,\"b\":1,\"a\":1}",
                "{'type':'object','propertyNames':{'pattern':'^[a-c]$'},'additionalProperties':{'const':1}} ~ {\"a\":1} ~ {\"d\":1}",
                "{'allOf':[{'type':'object','properties':{'a':{'type':'integer'}},'required':['a']},{'properties':{'a':{'minimum':3},'b':{'const':1}}}]} ~ {\"a\":3} {\"a\":4,\"b\":1} ~ {\"a\":2} {\"b\":1}",
                "{'allOf':[{'$ref':'#/$defs/p'}],'nullable':true,'$defs':{'p':{'const':1}}} ~ 1 null ~ 2",
                "{'type':'object','properties':{'a':{'const':1},'b':{'const':2}},'anyOf':[{'required':['a']},{'required':['b']}]} ~ {\"a\":1} {\"b\":2} {\"a\":1,\"b\":2} ~ {}",
                "{'$ref':'#/definitions/n','maximum':5,'definitions':{'n':{'type':'integer','minimum':3}}} ~ 3 5 ~ 2 6",
                "{'type':'object','properties':{'v':{'const':1},'next':{'anyOf':[{'$ref':'#'},{'type':'null'}]}},'required':['v','next']} ~ {\"v\":1,\"next\":{\"v\":1,\"next\":null}} ~ {\"v\":1}",
                "{'oneOf':[{'type':'object','properties':{'k':{'const':'a'},'x':{'type':'integer'}},'required':['k','x']},{'type':'object','properties':{'k':{'const':'b'}},'required':['k']}],'discriminator':{'propertyName':'k'}} ~ {\"k\":\"a\",\"x\":1} {\"k\":\"b\"} ~ {\"k\":\"a\"} {\"k\":\"c\"}",
                "{'oneOf':[{'type':'string'},{'type':'integer','maximum':3},{'type':'integer','minimum':4},{'type':'null'}]} ~ \"a\" 3 4 null ~ true",
                "{'oneOf':[{'type':'object','properties':{'a':{'type':'integer'}},'required':['a'],'additionalProperties':false},{'type':'object','properties':{'b':{'type':'integer'}},'required':['b'],'additionalProperties':false}]} ~ {\"a\":1} {\"b\":1} ~ {\"a\":1,\"b\":1}",
                "{'enum':['a',1,null],'type':'string'} ~ \"a\" ~ 1 null"
            })
    void arraysObjectsAndCombinationsHaveTheirForm(String schema, String allowed, String refused) {
        check(schema, allowed, refused);
    }

    private static void check(String schema, String allowed, String refused) {
        var json = schema.replace('\'', '"');
        for (var text : allowed.split(" ", -1)) {
            assertThat(allows(json, text)).as("%s allows %s", json, text).isTrue();
        }
        for (var text : refused.split(" ", -1)) {
            assertThat(allows(json, text)).as("%s allows %s", json, text).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "{'oneOf':[{'type':'integer'},{'type':'number'}]} ~ oneOf",
                "{'oneOf':[{'type':'object','properties':{'a':{}},'required':['a']},{'type':'object','properties':{'a':{},'b':{}},'required':['a']}]} ~ oneOf",
                "{'allOf':[{'type':'string'},{'type':'integer'}]} ~ allOf[1].type",
                "{'allOf':[{'type':'string','pattern':'a'},{'pattern':'b'}]} ~ allOf[1].pattern",
                "{'type':'object','propertyNames':{'maxLength':1},'minProperties':2} ~ minProperties",
                "{'type':'number','minimum':2,'maximum':1} ~ schema",
                "{'type':'integer','minimum':1,'maximum':4,'multipleOf':5} ~ schema",
                "{'type':'number','multipleOf':0} ~ multipleOf",
                "{'type':'string','pattern':'^a$','minLength':2} ~ pattern",
                "{'type':'array','items':false,'minItems':1} ~ minItems",
                "{'type':'object','properties':{'a':{}},'required':['a'],'maxProperties':0} ~ maxProperties",
                "{'type':'string','format':'regex'} ~ format",
                "{'type':'object','patternProperties':{'^a':{}}} ~ patternProperties",
                "{'$ref':'http://example.com/x'} ~ $ref",
                "{'enum':[]} ~ enum",
                "{'if':{},'then':{}} ~ if"
            })
    void whatCannotBeHeldIsRefusedByPath(String schema, String field) {
        assertThatThrownBy(() -> grammar(schema.replace('\'', '"')))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        e -> assertThat(e.field()).endsWith(field));
    }

    @Test
    void noFurtherKeyIsBegunWhereAllOfThemAreWritten() {
        var schema =
                "{\"type\":\"object\",\"propertyNames\":{\"enum\":[\"a\",\"ab\"]},\"additionalProperties\":{\"const\":1}}";
        Grammar.State at = grammar(schema).start();
        for (var b : "{\"a\":1,\"ab\":1".getBytes(StandardCharsets.UTF_8)) {
            assertThat(at.tokens().get(b)).isTrue();
            at = Objects.requireNonNull(at.after(b));
        }
        assertThat(at.tokens().stream()).containsExactly((int) '}');
    }

    /** Each takes milliseconds; the time that the class may take would not do for one that is followed to its end. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'$defs':{'a':{'allOf':[{'$ref':'#/$defs/a'},{'$ref':'#/$defs/a'}]}},'$ref':'#/$defs/a'}",
                "{'$defs':{'a':{'allOf':[{'anyOf':[{'$ref':'#/$defs/a'},{'$ref':'#/$defs/a'}]},{'anyOf':[{'$ref':'#/$defs/a'},{'$ref':'#/$defs/a'}]}]}},'$ref':'#/$defs/a'}",
                "{'type':'string','pattern':'^(.*a.{20}|.*b.{20}|.*c.{20})*$','maxLength':5000}",
                "{'type':'number','multipleOf':499,'maximum':999999999999999999999}",
                "{'$ref':'#'}",
                "{'type':'string','pattern':'(a?){9000}b'}"
            })
    void aHostileSchemaIsRefusedSoon(String schema) {
        assertThatThrownBy(() -> grammar(schema.replace('\'', '"')).start().tokens())
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void aSchemaOfTooManyPartsIsRefused() {
        var many = "{'type':'array','items':true},".repeat(9000).replace('\'', '"');
        assertThatThrownBy(() -> grammar("{\"anyOf\":[" + many + "{}]}")).isInstanceOf(InvalidRequestException.class);
    }
}
