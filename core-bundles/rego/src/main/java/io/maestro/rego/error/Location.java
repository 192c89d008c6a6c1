package io.maestro.rego.error;

/**
 * A place in a source file.
 *
 * @param file as the caller named it
 * @param row from 1
 * @param column from 1, in characters
 */
public record Location(String file, int row, int column) implements Comparable<Location> {
    /** For what no source line stands for. */
    public static final Location NONE = new Location("", 0, 0);

    @Override
    public int compareTo(Location other) {
        int byFile = file.compareTo(other.file);
        if (byFile != 0) {
            return byFile;
        }
        return row != other.row ? Integer.compare(row, other.row) : Integer.compare(column, other.column);
    }

    @Override
    public String toString() {
        return this.equals(NONE) ? "" : file + ":" + row + ":" + column;
    }
}
