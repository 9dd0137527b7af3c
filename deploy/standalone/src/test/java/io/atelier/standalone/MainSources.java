package io.atelier.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The main Java sources of all modules of the project. */
final class MainSources {

    static final Path PROJECT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final String PACKAGE_INFO = "package-info.java";

    private MainSources() {}

    /** All files, {@code package-info.java} included. */
    static List<SourceFile> all() {
        return modules()
                .flatMap(MainSources::files)
                .sorted()
                .map(MainSources::read)
                .toList();
    }

    /** All files with a type. */
    static List<SourceFile> types() {
        return all().stream().filter(file -> !file.isPackageInfo()).toList();
    }

    private static Stream<Path> modules() {
        return Stream.of(PROJECT, PROJECT.resolve("client"), PROJECT.resolve("deploy"))
                .flatMap(MainSources::children)
                .filter(folder -> Files.exists(folder.resolve("pom.xml")))
                .map(module -> module.resolve("src/main/java"))
                .filter(Files::isDirectory);
    }

    private static Stream<Path> children(Path folder) {
        try (var children = Files.list(folder)) {
            return children.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> files(Path root) {
        try (var files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SourceFile read(Path file) {
        try {
            return new SourceFile(PROJECT.relativize(file), Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A source file.
     *
     * @param path relative to the project
     */
    record SourceFile(Path path, String text) {

        boolean isPackageInfo() {
            return path.endsWith(PACKAGE_INFO);
        }

        Path folder() {
            return path.resolveSibling("");
        }

        String module() {
            return path.subpath(0, path.startsWith("client") || path.startsWith("deploy") ? 2 : 1)
                    .toString();
        }

        /** The simple name of its top-level type. */
        String typeName() {
            return path.getFileName().toString().replace(".java", "");
        }
    }
}
