package io.maestro.testing.artifacts;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import javax.security.auth.x500.X500Principal;

/**
 * Writes X.509 version 1 certificates in DER (RFC 5280 §4.1), because the JDK has no public way to, and its keytool costs
 * a process for each.
 */
final class SelfSigned {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private SelfSigned() {}

    static byte[] body(String name, byte[] algorithm, PublicKey key, Instant notBefore, Instant notAfter) {
        byte[] subject = new X500Principal("CN=" + name + ", O=Maestro tests").getEncoded();
        byte[] serial = new BigInteger(63, new SecureRandom()).setBit(62).toByteArray();
        return tagged(
                0x30,
                tagged(0x02, serial),
                algorithm,
                subject,
                tagged(0x30, time(notBefore), time(notAfter)),
                subject,
                key.getEncoded());
    }

    static byte[] certificate(byte[] body, byte[] algorithm, byte[] signature) {
        return tagged(0x30, body, algorithm, tagged(0x03, new byte[] {0}, signature));
    }

    /** GeneralizedTime; RFC 5280 wants UTCTime before 2050, Java reads both. */
    private static byte[] time(Instant instant) {
        return tagged(0x18, TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] tagged(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length < 0x80) {
            out.write(length);
        } else if (length < 0x100) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >> 8);
            out.write(length);
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
