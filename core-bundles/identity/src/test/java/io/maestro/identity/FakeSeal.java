package io.maestro.identity;

import io.maestro.api.secrets.PlatformSeal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Says on the outside which master key and purpose it was; turns the bytes round, so that they do not lie open. */
record FakeSeal(String masterKey) implements PlatformSeal {
    @Override
    public byte[] seal(String purpose, byte[] plain) {
        byte[] head = head(purpose);
        byte[] sealed = new byte[head.length + plain.length];
        System.arraycopy(head, 0, sealed, 0, head.length);
        for (int i = 0; i < plain.length; i++) {
            sealed[head.length + i] = (byte) ~plain[i];
        }
        return sealed;
    }

    @Override
    public Optional<byte[]> open(String purpose, byte[] sealed) {
        byte[] head = head(purpose);
        if (!new String(sealed, StandardCharsets.ISO_8859_1)
                .startsWith(new String(head, StandardCharsets.ISO_8859_1))) {
            return Optional.empty();
        }
        byte[] plain = new byte[sealed.length - head.length];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = (byte) ~sealed[head.length + i];
        }
        return Optional.of(plain);
    }

    private byte[] head(String purpose) {
        return (masterKey + "/" + purpose + ":").getBytes(StandardCharsets.ISO_8859_1);
    }
}
