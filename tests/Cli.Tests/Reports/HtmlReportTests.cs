using System.Text.RegularExpressions;
using ExecutionPipeline.Cli.Reports;

namespace ExecutionPipeline.Cli.Tests.Reports;

public sealed class HtmlReportTests
{
    [Test]
    public void ShouldNeedNothingButItselfWhenOpened()
    {
        var page = HtmlReport.Text(Samples.Report(), Samples.Curves());

        using (Assert.EnterMultipleScope())
        {
            // The one address in the page is the SVG namespace, which nothing is fetched from.
            Assert.That(
                Regex.Matches(page, "https?://[^\"' ]+").Select(match => match.Value),
                Is.All.EqualTo("http://www.w3.org/2000/svg"));
            Assert.That(page, Does.Not.Contain("{{"));
            Assert.That(page, Does.Not.Match("<(link|img|iframe)[ >]"));
            Assert.That(page, Does.Not.Contain("@import").And.Not.Contain("url("));
        }
    }

    [Test]
    public void ShouldNotEndTheScriptElementWhenTextHoldsMarkup()
    {
        var page = HtmlReport.Text(Samples.Report(), Samples.Curves());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Regex.Matches(page, "</script>"), Has.Count.EqualTo(2));
            Assert.That(page, Does.Not.Contain("<b>with</b>"));
        }
    }

    [Test]
    public void ShouldHoldEveryCurveWhenWritten()
    {
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "sample-report.html");
        HtmlReport.Write(path, Samples.Report(), Samples.Curves());

        var page = File.ReadAllText(path);
        foreach (var curve in Samples.Curves())
        {
            Assert.That(page, Does.Contain($"\"name\":\"{curve.Name}\""));
            Assert.That(page, Does.Contain($"--{curve.Name}:"), "each curve has a colour");
        }
    }
}
