using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Tests.Options;

public sealed class SuggestionTests
{
    [TestCase("kitten", "sitting", ExpectedResult = 3)]
    [TestCase("rate", "rtae", ExpectedResult = 1)]
    [TestCase("", "abc", ExpectedResult = 3)]
    [TestCase("same", "same", ExpectedResult = 0)]
    public int ShouldCountEditsWhenWordsDiffer(string left, string right) => Suggestion.Edits(left, right);

    [TestCase("pipe", ExpectedResult = "pipelined")]
    [TestCase("FUSED", ExpectedResult = "fused")]
    [TestCase("fusde", ExpectedResult = "fused")]
    [TestCase("zebra", ExpectedResult = null)]
    public string? ShouldFindTheNearestWhenOneIsClose(string word) =>
        Suggestion.Nearest(word, ["inline", "fused", "pipelined"]);

    [Test]
    public void ShouldSuggestNothingWhenThereIsNothing()
    {
        Assert.That(Suggestion.Nearest("word", []), Is.Null);
    }
}
