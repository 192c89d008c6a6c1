package io.maestro.provenance.format;

/** A text is no JSON that has a canonical form. The message says why, without quoting the text. */
public final class UnfitJson extends Exception {
    private static final long serialVersionUID = 1;

    UnfitJson(String why) {
        super(why);
    }
}
