package io.maestro.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.maestro.api.policy.PolicyInput;
import io.maestro.api.policy.PolicyInput.Content;
import io.maestro.model.Digest;
import io.maestro.rego.value.ObjectValue;
import java.security.GeneralSecurityException;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Binds an approval to what was asked and to all that it would do. The digest is keyed: content may hold a secret that is easy
 * to guess, and whoever reads the table of approvals must not be able to try.
 */
final class ApprovalBinding {
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    ApprovalBinding(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /** What an act would do; null when its question tells all. Throws when it cannot be bound to its content. */
    static @Nullable Content content(PolicyInput input) {
        Supplier<Content> content = input.content();
        return content == null ? null : content.get();
    }

    /** The same act has the same one. */
    Digest digest(ObjectValue document, @Nullable Content content) {
        String text = Inputs.lasting(document).json()
                + (content == null ? "" : "\n" + content.digest().hex());
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return Digest.of(mac.doFinal(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
