package io.maestro.secrets;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.maestro.api.secrets.PlatformSeal;
import io.maestro.api.secrets.SecretProblem;
import io.maestro.model.ProblemException;
import io.maestro.store.Database;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Seals by the master key itself, and puts before it which one that was. */
final class MasterKeySeal implements PlatformSeal {
    private static final String KIND = "platform";
    private static final int LONGEST_ID = 64;

    private final Database database;
    private final Keyring keyring;

    MasterKeySeal(Database database, Keyring keyring) {
        this.database = database;
        this.keyring = keyring;
    }

    @Override
    public byte[] seal(String purpose, byte[] plain) {
        String id = database.asPlatform(JooqMasterKeys::inCharge);
        byte[] name = id.getBytes(US_ASCII);
        byte[] sealed = keyring.wrap(id, plain, Sealing.context(KIND, purpose, id));
        return ByteBuffer.allocate(1 + name.length + sealed.length)
                .put((byte) name.length)
                .put(name)
                .put(sealed)
                .array();
    }

    @Override
    public Optional<byte[]> open(String purpose, byte[] sealed) {
        int length = sealed.length == 0 ? 0 : sealed[0];
        if (length <= 0 || length > LONGEST_ID || sealed.length <= 1 + length) {
            return Optional.empty();
        }
        String id = new String(sealed, 1, length, US_ASCII);
        if (!keyring.has(id)) {
            return Optional.empty();
        }
        try {
            byte[] wrapped = Arrays.copyOfRange(sealed, 1 + length, sealed.length);
            return Optional.of(keyring.unwrap(id, wrapped, Sealing.context(KIND, purpose, id)));
        } catch (ProblemException e) {
            if (e.problem().code().equals(SecretProblem.SECRET_DAMAGED.code())) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
