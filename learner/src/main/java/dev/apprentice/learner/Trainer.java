package dev.apprentice.learner;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.Engine;
import dev.apprentice.engine.FailedException;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Which program trains: the engine's decoder, whose text is the mathematics of every checkpoint. */
final class Trainer {
    private static final String PROGRAM = "decoder/decoder.py";

    private Trainer() {}

    /** SHA-256 of the program's text. */
    static String digest() {
        try (var program = Engine.class.getResourceAsStream(PROGRAM)) {
            if (program == null) {
                throw new FailedException("no_program", "the engine has no " + PROGRAM, Fault.NONE);
            }
            var sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(program.readAllBytes()));
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new FailedException("no_program", "the engine's " + PROGRAM + " cannot be read", Fault.NONE, e);
        }
    }
}
