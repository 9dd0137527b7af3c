package io.atelier.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The links of the documents. Those to other servers are only read, not followed. */
class DocumentLinkTests {

    private static final Parser MARKDOWN = Parser.builder().build();
    private static final Pattern HTML_LINK = Pattern.compile("\\b(?:href|src)=\"([^\"]*)\"");

    /** A link with a name whose address is missing; it is shown as text. */
    private static final Pattern UNDEFINED_LINK = Pattern.compile("\\[[^\\[\\]]+]\\[[^\\[\\]]*]");

    @Test
    @DisplayName("no link of README.md, docs and the other pages leads nowhere")
    void noLinkIsDead() throws IOException {
        var pages = pages();
        var anchors = new HashMap<Path, Set<String>>();
        pages.forEach(page -> anchors.put(page, anchors(read(page))));

        var dead = new ArrayList<String>();
        int links = 0;
        for (var page : pages) {
            for (var link : links(read(page))) {
                links++;
                mistake(page, link, anchors)
                        .ifPresent(mistake ->
                                dead.add("%s: %s %s".formatted(MainSources.PROJECT.relativize(page), link, mistake)));
            }
        }

        assertThat(dead).isEmpty();
        assertThat(pages).hasSizeGreaterThan(30);
        assertThat(links).isGreaterThan(150);
    }

    @Test
    void mistakesAreFound() {
        var page = MainSources.PROJECT.resolve("docs/cli.md");
        var anchors = Map.of(page, Set.of("exit-codes"));
        var markdown = """
            # Exit codes
            [1](http.md) [2](#exit-codes) [3](cli.md#exit-codes) [4](../README.md) [5](https://example.org/a) ![6](pocket.jpg)
            [1](no-such.md) [2](#no-such) [3](cli.md#no-such) [4](../../outside.md) [5](https:/x) ![6](none.jpg) [7](ftp://example.org/)
            [8](/docs/cli.md) <a href="none.html">9</a> [10][undefined]
            """;

        var mistakes = links(markdown).stream()
                .filter(link -> mistake(page, link, anchors).isPresent())
                .toList();

        assertThat(mistakes)
                .containsExactlyInAnyOrder(
                        "no-such.md",
                        "#no-such",
                        "cli.md#no-such",
                        "../../outside.md",
                        "https:/x",
                        "none.jpg",
                        "ftp://example.org/",
                        "/docs/cli.md",
                        "none.html",
                        "[10][undefined]");
    }

    @ParameterizedTest
    @CsvSource({
        "## Exit codes,exit-codes",
        "## Why is `Retry-After` a quarter?,why-is-retry-after-a-quarter",
        "## Start: the *first* time,start-the-first-time",
        "## `not_before` & co.,not_before--co",
        "## A [link](cli.md) here,a-link-here"
    })
    void anchorsAreThoseOfGitHub(String heading, String anchor) {
        assertThat(anchors(heading)).containsExactly(anchor);
        assertThat(anchors(heading + "\n" + heading)).containsExactlyInAnyOrder(anchor, anchor + "-1");
    }

    private static List<Path> pages() throws IOException {
        try (var top = Files.list(MainSources.PROJECT);
                var docs = Files.walk(MainSources.PROJECT.resolve("docs"));
                var ci = Files.list(MainSources.PROJECT.resolve("ci"))) {
            return Stream.of(top, docs, ci)
                    .flatMap(files -> files)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    /** What is wrong with a link; empty if nothing is. */
    private static Optional<String> mistake(Path page, String link, Map<Path, Set<String>> anchors) {
        URI address;
        try {
            address = new URI(link);
        } catch (URISyntaxException e) {
            return Optional.of("is malformed: " + e.getReason());
        }
        if (address.getScheme() != null) {
            boolean isComplete = address.getScheme().matches("https?") && address.getHost() != null;
            return isComplete ? Optional.empty() : Optional.of("is not the address of a page");
        }
        if (link.startsWith("/")) {
            return Optional.of("is not relative");
        }
        var target = address.getPath().isEmpty()
                ? page
                : page.resolveSibling(address.getPath()).normalize();
        if (!target.startsWith(MainSources.PROJECT) || !Files.exists(target)) {
            return Optional.of("does not exist");
        }
        var anchor = address.getFragment();
        return anchor == null || anchors.getOrDefault(target, Set.of()).contains(anchor)
                ? Optional.empty()
                : Optional.of("has no such heading");
    }

    private static List<String> links(String markdown) {
        var links = new ArrayList<String>();
        MARKDOWN.parse(markdown).accept(new AbstractVisitor() {
            @Override
            public void visit(Link link) {
                links.add(link.getDestination());
                visitChildren(link);
            }

            @Override
            public void visit(Image image) {
                links.add(image.getDestination());
                visitChildren(image);
            }

            @Override
            public void visit(HtmlInline html) {
                addHtml(html.getLiteral());
            }

            @Override
            public void visit(HtmlBlock html) {
                addHtml(html.getLiteral());
            }

            @Override
            public void visit(Text text) {
                UNDEFINED_LINK.matcher(text.getLiteral()).results().forEach(match -> links.add(match.group()));
            }

            private void addHtml(String html) {
                HTML_LINK.matcher(html).results().forEach(match -> links.add(match.group(1)));
            }
        });
        return links;
    }

    /** The anchors of the headings, as GitHub names them. */
    private static Set<String> anchors(String markdown) {
        var anchors = new HashSet<String>();
        MARKDOWN.parse(markdown).accept(new AbstractVisitor() {
            @Override
            public void visit(Heading heading) {
                var name = text(heading)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}\\p{M}_ -]", "")
                        .replace(' ', '-');
                var anchor = name;
                for (int number = 1; !anchors.add(anchor); number++) {
                    anchor = name + "-" + number;
                }
            }
        });
        return anchors;
    }

    private static String text(Node node) {
        var text = new StringBuilder();
        node.accept(new AbstractVisitor() {
            @Override
            public void visit(Text part) {
                text.append(part.getLiteral());
            }

            @Override
            public void visit(Code part) {
                text.append(part.getLiteral());
            }
        });
        return text.toString();
    }

    private static String read(Path page) {
        try {
            return Files.readString(page, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
