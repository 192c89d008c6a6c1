package io.maestro.adapter.spi.provisioning;

import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The rules for requests that hold for every directory. An adapter calls {@code check} first in each operation.
 *
 * <p>All methods are pure and throw a {@link ProblemException} of {@link ProvisioningProblem#PROVISIONING_REQUEST_INVALID}
 * that names the attribute.
 */
public final class ProvisioningRules {
    /** The longest id and attribute, in characters. */
    public static final int LONGEST_VALUE = 256;

    /** How many addresses a user has, at most. */
    public static final int MOST_EMAILS = 20;

    /** The largest page of a list. */
    public static final int LARGEST_PAGE = 200;

    /** The attributes that {@code patch_user} sets. */
    public static final Set<String> PATCHABLE = Set.of("userName", "givenName", "familyName", "displayName");

    private static final int USUAL_PAGE = 100;

    private ProvisioningRules() {}

    /** Checks external id and attributes. */
    public static void check(CreateUser request) {
        checkValue("externalId", request.externalId());
        checkAttributes(request.attributes());
    }

    /** Checks id, attributes and condition. */
    public static void check(ReplaceUser request) {
        checkValue("id", request.id());
        checkAttributes(request.attributes());
        checkOptional("ifMatch", request.ifMatch());
    }

    /** Checks id, names and values of what is set, and condition. */
    public static void check(PatchUser request) {
        checkValue("id", request.id());
        if (request.set().isEmpty()) {
            throw invalid("the patch sets nothing", "Name at least one attribute under set.");
        }
        for (Map.Entry<String, String> entry : request.set().entrySet()) {
            if (!PATCHABLE.contains(entry.getKey())) {
                throw invalid(
                        "the attribute \"" + printable(entry.getKey()) + "\" cannot be patched",
                        "Patch " + String.join(", ", new TreeSet<>(PATCHABLE))
                                + "; use the other operations for the rest.");
            }
            checkValue(entry.getKey(), entry.getValue());
        }
        checkOptional("ifMatch", request.ifMatch());
    }

    /** Checks the id. */
    public static void check(UserReference request) {
        checkValue("id", request.id());
    }

    /** Checks conditions and limit. The cursor is the adapter's own to check. */
    public static void check(ListUsers request) {
        checkOptional("userName", request.userName());
        checkOptional("externalId", request.externalId());
        int limit = limit(request);
        if (limit < 1 || limit > LARGEST_PAGE) {
            throw invalid(
                    "the limit " + limit + " is not within 1 and " + LARGEST_PAGE,
                    "Ask for 1 to " + LARGEST_PAGE + " users and follow the cursor for more.");
        }
    }

    /** Checks both ids. */
    public static void check(Membership request) {
        checkValue("userId", request.userId());
        checkValue("target", request.target());
    }

    /** The page size. */
    public static int limit(ListUsers request) {
        Integer limit = request.limit();
        return limit == null ? USUAL_PAGE : limit;
    }

    /** Whether the user may log in at once. */
    public static boolean active(CreateUser request) {
        return !Boolean.FALSE.equals(request.active());
    }

    /** The addresses. */
    public static List<String> emails(UserAttributes attributes) {
        List<String> emails = attributes.emails();
        return emails == null ? List.of() : emails;
    }

    private static void checkAttributes(UserAttributes attributes) {
        checkValue("userName", attributes.userName());
        checkOptional("givenName", attributes.givenName());
        checkOptional("familyName", attributes.familyName());
        checkOptional("displayName", attributes.displayName());
        List<String> emails = emails(attributes);
        if (emails.size() > MOST_EMAILS) {
            throw invalid(
                    "the attribute emails has " + emails.size() + " addresses",
                    "Send at most " + MOST_EMAILS + " addresses.");
        }
        for (String email : emails) {
            checkValue("emails", email);
            if (email.indexOf('@') < 1 || email.endsWith("@")) {
                throw invalid(
                        "the attribute emails holds \"" + printable(email) + "\", which is no address",
                        "Send addresses as name@host.");
            }
        }
    }

    private static void checkOptional(String attribute, @Nullable String value) {
        if (value != null) {
            checkValue(attribute, value);
        }
    }

    private static void checkValue(String attribute, String value) {
        if (value.isBlank()
                || value.length() > LONGEST_VALUE
                || value.codePoints().anyMatch(ProvisioningRules::unfit)) {
            throw invalid(
                    "the attribute " + attribute + " is blank, longer than " + LONGEST_VALUE
                            + " characters, or has a control character or half a surrogate pair",
                    "Send 1 to " + LONGEST_VALUE + " characters of text.");
        }
    }

    private static boolean unfit(int character) {
        return Character.isISOControl(character)
                || (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE);
    }

    private static ProblemException invalid(String detail, String fix) {
        return Problem.of(ProvisioningProblem.PROVISIONING_REQUEST_INVALID, detail, fix)
                .asException();
    }

    /** What an outsider sent, shortened and with control characters replaced, fit for a message. */
    private static String printable(String value) {
        String shortened = value.length() <= 80 ? value : value.substring(0, 80) + "…";
        return shortened.replaceAll("\\p{Cntrl}", "?");
    }
}
