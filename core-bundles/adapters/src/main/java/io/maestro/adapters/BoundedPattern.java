package io.maestro.adapters;

import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.regex.RegularExpression;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern of a configuration schema, which a publisher wrote, on a text that a tenant wrote. Java's patterns can be led
 * to try for ever; this one gives up after so many looks at the text.
 */
final class BoundedPattern implements RegularExpression {
    private static final int MOST_LOOKS = 5_000_000;

    private final Pattern pattern;

    BoundedPattern(String regex) {
        try {
            pattern = Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new JsonSchemaException(e);
        }
    }

    @Override
    public boolean matches(String value) {
        try {
            return pattern.matcher(new Counted(value, 0, value.length(), new int[1]))
                    .find();
        } catch (StackOverflowError e) {
            throw new JsonSchemaException("the pattern needs too much memory for this text: " + pattern);
        }
    }

    /** A text that counts how often it is looked at, together with its parts. */
    private static final class Counted implements CharSequence {
        private final String text;
        private final int start;
        private final int end;
        private final int[] looks;

        private Counted(String text, int start, int end, int[] looks) {
            this.text = text;
            this.start = start;
            this.end = end;
            this.looks = looks;
        }

        @Override
        public char charAt(int index) {
            if (++looks[0] > MOST_LOOKS) {
                throw new JsonSchemaException("a pattern takes too long for this text");
            }
            return text.charAt(start + index);
        }

        @Override
        public int length() {
            return end - start;
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return new Counted(text, start + from, start + to, looks);
        }

        @Override
        public String toString() {
            return text.substring(start, end);
        }
    }
}
