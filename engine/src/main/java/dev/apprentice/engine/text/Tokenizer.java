package dev.apprentice.engine.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.BadModelException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Text to token ids and back, as a Hugging Face {@code tokenizer.json} says. Safe for any thread; after {@link #close}
 * it fails. Nothing is ever cut or padded.
 *
 * <p>Two native tokenizers are made of the one file. In the second every added token has another name, which nobody can
 * type, so what looks like a control token in a text is encoded letter by letter. A prompt whose contents hold such a
 * text goes to the second one as a whole, with the template's own control tokens renamed: {@link Guard} tells them
 * apart.
 */
public final class Tokenizer implements AutoCloseable {
    /** Without these, every text is cut to 512 ids and batches are padded. */
    private static final Map<String, String> OPTIONS =
            Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");

    private final TokenizerFile file;
    private final HuggingFaceTokenizer typed;
    private final HuggingFaceTokenizer renamed;
    private final Map<Integer, Integer> idOfRenamed;
    private final Guard guard;

    /** Null where a text has to be seen as a whole. */
    private final @Nullable KnownPieces pieces;

    private Tokenizer(TokenizerFile file, HuggingFaceTokenizer typed, HuggingFaceTokenizer renamed) {
        this.file = file;
        this.typed = typed;
        this.renamed = renamed;
        this.guard = new Guard(file.addedTokens());
        this.pieces = file.splitsAtControlTokens()
                ? new KnownPieces(file.controlTokens(), piece -> ids(typed, piece, false))
                : null;
        this.idOfRenamed = new java.util.HashMap<>();
        for (var token : file.addedTokens()) {
            var ids = ids(renamed, token.alias(), false);
            if (ids.length == 1) {
                idOfRenamed.put(ids[0], token.id());
            }
        }
    }

    /**
     * A tokenizer from the bytes of a {@code tokenizer.json}.
     *
     * @throws BadModelException if the file is damaged or of a kind that is not supported
     */
    public static Tokenizer open(byte[] tokenizerJson) {
        var file = TokenizerFile.parse(tokenizerJson);
        var typed = load(tokenizerJson);
        try {
            return new Tokenizer(file, typed, load(file.renamed()));
        } catch (RuntimeException e) {
            typed.close();
            throw e;
        }
    }

    private static HuggingFaceTokenizer load(byte[] json) {
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), OPTIONS);
        } catch (IOException | RuntimeException e) {
            throw new BadModelException(
                    "bad_tokenizer",
                    "tokenizer.json cannot be loaded: " + e.getMessage(),
                    Fault.at("tokenizer.json"),
                    e);
        }
    }

    /**
     * The ids of {@code text}; control tokens in it become control tokens. With {@code addSpecialTokens} the
     * tokenizer's own prefix and suffix are added, which raw completions want and rendered chats do not.
     */
    public int[] encode(String text, boolean addSpecialTokens) {
        return pieces == null || addSpecialTokens ? ids(typed, text, addSpecialTokens) : pieces.ids(text);
    }

    /** The ids of {@code text} with nothing in it taken for a control token. */
    public int[] encodePlain(String text) {
        return ids(renamed, guard.plain(text), false);
    }

    /** The ids of a rendered text in which {@link #guard()} has marked what was typed. */
    int[] encodeGuarded(String marked) {
        return originals(ids(renamed, guard.renamed(marked), false));
    }

    /** The same as {@link #encodeGuarded} for a text that goes on behind another one. */
    int[] encodeContinuation(String marked) {
        var ids = ids(renamed, AddedToken.LEAD + guard.renamed(marked), false);
        return originals(Arrays.copyOfRange(ids, 1, ids.length));
    }

    private int[] originals(int[] ids) {
        for (int i = 0; i < ids.length; i++) {
            ids[i] = idOfRenamed.getOrDefault(ids[i], ids[i]);
        }
        return ids;
    }

    /**
     * The ids of {@code text}, past the library's own {@code encode}: that makes a string and a span of each token, and
     * four more arrays, which costs several times as much as finding the tokens.
     */
    private static int[] ids(HuggingFaceTokenizer tokenizer, String text, boolean addSpecialTokens) {
        long encoding = TokenizersLibrary.LIB.encode(tokenizer.getHandle(), text, addSpecialTokens);
        try {
            return ints(TokenizersLibrary.LIB.getTokenIds(encoding));
        } finally {
            TokenizersLibrary.LIB.deleteEncoding(encoding);
        }
    }

    private static int[] ints(long[] ids) {
        var ints = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            ints[i] = Math.toIntExact(ids[i]);
        }
        return ints;
    }

    /** The text of {@code ids}, with or without the control tokens among them. */
    public String decode(int[] ids, boolean skipSpecial) {
        return typed.decode(Arrays.stream(ids).asLongStream().toArray(), skipSpecial);
    }

    /** What {@code id} adds to the text, in UTF-8; a part of a character where one is split over several ids. */
    public byte[] bytes(int id) {
        return file.bytes(id).clone();
    }

    /** One more than the highest id; a model's vocabulary may be padded beyond it. */
    public int size() {
        return file.size();
    }

    /** Whether {@code id} is a control token, which is never part of a text. */
    public boolean isSpecial(int id) {
        return file.isSpecial(id);
    }

    /** The id of a token by its text in the vocabulary. */
    public OptionalInt id(String token) {
        return file.id(token);
    }

    /** Whether decoding drops the first space, which encoding had put before the text. */
    boolean dropsFirstSpace() {
        return file.dropsFirstSpace();
    }

    /** Whether a text's ids depend on its standing at the beginning. */
    boolean prefixesTexts() {
        return file.kind() == TokenizerFile.Kind.SENTENCE_PIECE;
    }

    Guard guard() {
        return guard;
    }

    @Override
    public void close() {
        typed.close();
        renamed.close();
    }
}
