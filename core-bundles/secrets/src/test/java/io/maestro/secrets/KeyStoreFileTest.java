package io.maestro.secrets;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.api.node.MasterKeys.KeyStoreFile;
import io.maestro.api.node.MasterKeys.Source;
import io.maestro.model.ProblemException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyStoreFileTest extends KeyManagementContract {
    @TempDir
    Path folder;

    @Override
    Source source(String key) throws Exception {
        return MasterKeysOfTests.keyStore(folder.resolve("keys.p12"), key);
    }

    @Test
    void saysWhatIsWrongWithAKeyStore() throws Exception {
        KeyStoreFile store = MasterKeysOfTests.keyStore(folder.resolve("keys.p12"), "one");
        assertRefused(new KeyStoreFile(store.store(), "one", "not-the-password"), "its password is wrong");
        assertRefused(new KeyStoreFile(store.store(), "missing", store.password()), "there is no AES key \"missing\"");
        assertRefused(new KeyStoreFile(folder.resolve("missing.p12"), "one", store.password()), "missing.p12");
    }

    private static void assertRefused(KeyStoreFile source, String reason) {
        assertThatThrownBy(() -> MasterKeySources.open(source, true))
                .isInstanceOf(ProblemException.class)
                .hasMessageStartingWith("master-key-wrong: ")
                .hasMessageContaining(reason)
                .hasMessageNotContaining(source.password());
    }
}
