package io.atelier.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.standalone.MainSources.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Words that are no longer used for the concepts of the project, because others are the terms of the field: image, task, publish, cancel,
 * dead-letter, retry, timeout. Words are compared as a whole, in any case; the words of a camel-case name are compared one by one.
 */
class RetiredWordsTests {

    private static final Pattern WORD_BOUNDARY = Pattern.compile("[^A-Za-z]+|(?<=[a-z])(?=[A-Z])");

    /** Retired in names and in texts. */
    private static final Set<String> EVERYWHERE = words("""
            picture pictures draw draws drawing drawings drawn portrait portraits album albums story stories errand errands
            tell tells told telling hear hears heard hearing unheard wish wishes wished recall recalls recalled
            bury buries buried burying undertaker undertakers letter letters hope hopes patience anew lately
            better betters bettered bettering whoever somebody someone nobody everybody anybody stranger strangers
            crew crews outlook outlooks shift shifts gate gates course courses moment moments door doors lies
            """);

    /** Retired in names only, because texts use them in their usual meaning. */
    private static final Set<String> NAMES_ONLY = words("""
            again answers arrivals asked commission departures drill gist intake known life material means pace parting presence
            pulse said says shelf steering turns velocities
            """);

    /** Words for people, where a component is meant; not even in comments, settings files and pages. */
    private static final Set<String> PEOPLE = words("""
            nobody somebody someone everybody anybody whoever tells told telling hears heard hearing
            """);

    /** Types whose name contains a retired word for a good reason. */
    private static final Map<String, String> TYPE_EXCEPTIONS = Map.of(
            "DrawCommand", "the class of the CLI command 'draw'",
            "DrawOptions", "the options of the CLI command 'draw'");

    /** A term of the field that contains a retired word; it is removed before the comparison. */
    private static final Pattern DEAD_LETTER = Pattern.compile("dead[- _]?letter(s|ed|ing)?", Pattern.CASE_INSENSITIVE);

    private static final Pattern LOG_CALL =
            Pattern.compile("\\b(?:LOG|log)\\s*\\.\\s*(?:trace|debug|info|warn|error|log|at[A-Z]\\w+)\\s*\\(");
    private static final Pattern OPEN_API_ANNOTATION =
            Pattern.compile("@(?:Operation|Tag|Schema|ArraySchema|ApiResponses?|Parameters?)\\s*\\(");

    @Test
    @DisplayName("retired words are not in simple names of main types")
    void retiredWordsAreNotInTypeNames() {
        var retired = union(EVERYWHERE, NAMES_ONLY);

        var violations = MainSources.types().stream()
                .filter(file -> !TYPE_EXCEPTIONS.containsKey(file.typeName()))
                .flatMap(file -> violations(file, Stream.of(file.typeName()), retired))
                .toList();

        assertThat(violations).isEmpty();
    }

    @Test
    @DisplayName("retired words are not in log messages of main sources")
    void retiredWordsAreNotInLogMessages() {
        var violations = MainSources.types().stream()
                .flatMap(file -> violations(file, literals(file.text(), LOG_CALL, true), EVERYWHERE))
                .toList();

        assertThat(violations).isEmpty();
    }

    @Test
    @DisplayName("retired words are not in OpenAPI texts of the gateway")
    void retiredWordsAreNotInOpenApiTexts() {
        var violations = MainSources.types().stream()
                .filter(file -> file.module().equals("gateway"))
                .flatMap(file -> violations(file, literals(file.text(), OPEN_API_ANNOTATION, false), EVERYWHERE))
                .toList();

        assertThat(violations).isEmpty();
    }

    @Test
    @DisplayName("components are not described as people in main sources, settings files and pages")
    void peopleAreNotInCommentsAndPages() throws IOException {
        var pages = new ArrayList<Path>(
                List.of(MainSources.PROJECT.resolve("README.md"), MainSources.PROJECT.resolve("docker-compose.yml")));
        for (var folder : List.of(
                "docs",
                "gateway/src/main/resources",
                "common-worker/src/main/resources",
                "generator-worker/src/main/resources",
                "splitter-worker/src/main/resources")) {
            try (var files = Files.walk(MainSources.PROJECT.resolve(folder))) {
                files.filter(file -> file.toString().matches(".*\\.(md|yml)")).forEach(pages::add);
            }
        }

        var violations = new ArrayList<String>();
        for (var page : pages) {
            found(Files.readString(page), PEOPLE).forEach(word -> violations.add(page + ": " + word));
        }
        MainSources.types()
                .forEach(file -> found(file.text(), PEOPLE).forEach(word -> violations.add(file.path() + ": " + word)));

        assertThat(violations).isEmpty();
    }

    @Test
    void literalsOfACallAreFound() {
        var source = "x(\"no\"); log.warn(\"a (\\\"b\\\") {}\" + \"c\", f(\"d\"), e); y(\"no\");";

        assertThat(literals(source, LOG_CALL, true)).containsExactly("a (\\\"b\\\") {}", "c", "d");
    }

    @Test
    void retiredWordsAreFoundAsWholeAndCamelCaseWords() {
        assertThat(found("PictureAlbum", EVERYWHERE)).containsExactly("picture", "album");
        assertThat(found("Nobody heard of {}", EVERYWHERE)).containsExactly("nobody", "heard");
        assertThat(found("DeadLetterPublisher: dead letters of the gateway, dead-lettered", EVERYWHERE))
                .isEmpty();
    }

    private static Stream<String> violations(SourceFile file, Stream<String> texts, Set<String> retired) {
        return texts.flatMap(text ->
                found(text, retired).stream().map(word -> "%s: '%s' in \"%s\"".formatted(file.path(), word, text)));
    }

    private static List<String> found(String text, Set<String> retired) {
        return WORD_BOUNDARY
                .splitAsStream(DEAD_LETTER.matcher(text).replaceAll(" "))
                .map(word -> word.toLowerCase(Locale.ROOT))
                .filter(retired::contains)
                .toList();
    }

    /**
     * The string literals of each call or annotation that the pattern finds.
     *
     * @param statement whether to go on to the end of the statement, for fluent calls
     */
    private static Stream<String> literals(String source, Pattern start, boolean statement) {
        var found = new ArrayList<String>();
        var starts = start.matcher(source);
        int from = 0;
        while (starts.find(from)) {
            from = addLiterals(source, starts.end(), statement, found);
        }
        return found.stream();
    }

    /** Adds the literals after an opening parenthesis, and returns the position of the end. */
    private static int addLiterals(String source, int from, boolean statement, List<String> found) {
        int depth = 1;
        int i = from;
        while (i < source.length() && (depth > 0 || (statement && source.charAt(i) != ';'))) {
            char next = source.charAt(i);
            if (next == '"') {
                int close = endOfLiteral(source, i);
                found.add(source.substring(i, close).replaceAll("^\"+|\"+$", ""));
                i = close;
                continue;
            }
            depth += next == '(' ? 1 : next == ')' ? -1 : 0;
            i++;
        }
        return i;
    }

    private static int endOfLiteral(String source, int open) {
        var quotes = source.startsWith("\"\"\"", open) ? "\"\"\"" : "\"";
        int i = open + quotes.length();
        while (!source.startsWith(quotes, i)) {
            i += source.charAt(i) == '\\' ? 2 : 1;
        }
        return i + quotes.length();
    }

    private static Set<String> union(Set<String> first, Set<String> second) {
        var union = new HashSet<>(first);
        union.addAll(second);
        return union;
    }

    private static Set<String> words(String text) {
        return WORD_BOUNDARY.splitAsStream(text).collect(Collectors.toUnmodifiableSet());
    }
}
