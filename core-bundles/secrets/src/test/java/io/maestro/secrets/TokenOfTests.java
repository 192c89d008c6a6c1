package io.maestro.secrets;

import io.maestro.api.node.MasterKeys.Token;
import io.maestro.testing.peers.SoftHsm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The SoftHSM of these tests. The library looks for its folder in the environment of the process, so there is one folder
 * per module, which the build names; and it reads it once, so there is one token per process.
 */
final class TokenOfTests {
    private TokenOfTests() {}

    private static final class Holder {
        static final Made TOKEN = make();
    }

    private record Made(SoftHsm token, Map<String, Token> keys) {}

    /** A key of this name, which never leaves the token; made when it is asked for first. */
    static synchronized Token key(String label) throws Exception {
        return made(label, "CKA_SENSITIVE = true");
    }

    /** A key that the token would give away. */
    static synchronized Token extractableKey(String label) throws Exception {
        return made(label, "CKA_SENSITIVE = false");
    }

    private static Token made(String label, String attribute) throws Exception {
        Token known = Holder.TOKEN.keys().get(label);
        if (known != null) {
            return known;
        }
        SoftHsm softHsm = Holder.TOKEN.token();
        String usual = Files.readString(softHsm.configuration());
        Files.writeString(
                softHsm.configuration(),
                attribute.endsWith("true")
                        ? usual
                        : usual.replace("CKA_SENSITIVE = true", attribute)
                                .replace("CKA_EXTRACTABLE = false", "CKA_EXTRACTABLE = true"));
        softHsm.createKey(label);
        Files.writeString(softHsm.configuration(), usual);
        Token made = new Token(softHsm.configuration(), label, SoftHsm.PIN);
        Holder.TOKEN.keys().put(label, made);
        return made;
    }

    private static Made make() {
        try {
            String variable = System.getenv(SoftHsm.VARIABLE);
            if (variable == null) {
                throw new IllegalStateException("the build sets " + SoftHsm.VARIABLE + " for these tests");
            }
            Path folder = SoftHsm.emptied(Path.of(variable).resolveSibling(".").normalize());
            return new Made(SoftHsm.create(folder), new HashMap<>());
        } catch (Exception e) {
            throw new IllegalStateException("no token: " + e.getMessage(), e);
        }
    }
}
