package io.maestro.api.secrets;

import io.maestro.model.CallerProblem;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.Problem;
import java.util.regex.Pattern;

/**
 * Names a secret; unique within its scope. Names below {@code instance/} belong to the instance that they name: the host
 * makes and deletes them with it.
 *
 * @param value 1 to 200 letters, digits, dots, hyphens and underscores, in parts of 1 to 63 joined by slashes
 */
public record SecretName(String value) implements Comparable<SecretName> {
    private static final int LONGEST = 200;
    private static final Pattern FORM =
            Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,62}(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,62})*");
    private static final String OWNED = "instance/";
    private static final int HASHED_BYTES = 16;

    /** Throws a {@link io.maestro.model.ProblemException} with code {@code invalid-name} when the value is not a valid name. */
    public SecretName {
        if (!isValid(value)) {
            throw Problem.of(
                            CallerProblem.INVALID_NAME,
                            "the text given is not a valid name of a secret",
                            "Use 1 to 200 letters, digits, dots, hyphens and underscores; parts of at most 63 may be joined"
                                    + " by slashes, and none begins with a dot.")
                    .asException();
        }
    }

    /**
     * The name of the secret that an instance owns for one place of its configuration.
     *
     * @param pointer a JSON Pointer; one that would not make a valid name is replaced by its digest
     */
    public static SecretName owned(InstanceId instance, String pointer) {
        String plain = OWNED + instance + pointer;
        return new SecretName(isValid(plain) ? plain : OWNED + instance + "/" + hashed(pointer));
    }

    /** Whether it is of those that belong to an instance. */
    public boolean isOwned() {
        return value.startsWith(OWNED);
    }

    private static boolean isValid(String value) {
        return value.length() <= LONGEST && FORM.matcher(value).matches();
    }

    private static String hashed(String pointer) {
        return "at-" + Digest.sha256(pointer).hex().substring(0, 2 * HASHED_BYTES);
    }

    @Override
    public int compareTo(SecretName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
