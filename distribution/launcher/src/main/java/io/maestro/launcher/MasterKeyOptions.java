package io.maestro.launcher;

import io.maestro.api.node.MasterKeys;
import io.maestro.api.node.MasterKeys.Source;
import io.maestro.launcher.Options.MasterKey;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes of the options what the node is told of its master keys; reads their passwords. */
final class MasterKeyOptions {
    private MasterKeyOptions() {}

    /**
     * The master keys that the options name.
     *
     * @param environment has the passwords that no file holds
     */
    static MasterKeys of(Options options, Path data, Map<String, String> environment) throws LaunchFailure {
        MasterKey current = options.masterKey();
        MasterKey former = options.formerMasterKey();
        @Nullable
        Source before = former == null
                ? null
                : source(former, environment.get(CommandLine.FORMER_MASTER_KEY_PASSWORD_VARIABLE));
        return new MasterKeys(
                current == null
                        ? MasterKeys.usual(data).current()
                        : source(current, environment.get(CommandLine.MASTER_KEY_PASSWORD_VARIABLE)),
                before);
    }

    private static Source source(MasterKey key, @Nullable String variable) throws LaunchFailure {
        return switch (key.holder()) {
            case FILE -> new MasterKeys.KeyFile(key.path());
            case PKCS12 ->
                new MasterKeys.KeyStoreFile(key.path(), key.alias(), Passwords.of(key.passwordFile(), variable));
            case PKCS11 -> new MasterKeys.Token(key.path(), key.alias(), Passwords.of(key.passwordFile(), variable));
        };
    }
}
