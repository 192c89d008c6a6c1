package io.maestro.secrets;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.api.node.MasterKeys.Source;
import io.maestro.api.node.MasterKeys.Token;
import io.maestro.model.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real token: SoftHSM. */
class TokenTest extends KeyManagementContract {
    @TempDir
    Path folder;

    @BeforeAll
    static void makeKeys() throws Exception {
        TokenOfTests.key("one");
        TokenOfTests.key("two");
    }

    @Override
    Source source(String key) throws Exception {
        return TokenOfTests.key(key);
    }

    @Test
    void saysWhatIsWrongWithAToken() throws Exception {
        Token token = TokenOfTests.key("one");
        assertRefused(new Token(token.configuration(), "missing", token.pin()), "there is no AES key \"missing\"");
        assertRefused(new Token(folder.resolve("missing.cfg"), "one", token.pin()), "missing.cfg");
        Path broken = Files.writeString(folder.resolve("broken.cfg"), "name = x\nlibrary = /nowhere/libnone.so\n");
        assertRefused(new Token(broken, "one", token.pin()), "/nowhere/libnone.so");
    }

    @Test
    void refusesAKeyThatCouldLeaveTheToken() throws Exception {
        assertRefused(TokenOfTests.extractableKey("loose"), "may leave the token");
    }

    private static void assertRefused(Token source, String reason) {
        assertThatThrownBy(() -> MasterKeySources.open(source, true))
                .isInstanceOf(ProblemException.class)
                .hasMessageStartingWith("master-key-wrong: ")
                .hasMessageContaining(reason);
    }
}
