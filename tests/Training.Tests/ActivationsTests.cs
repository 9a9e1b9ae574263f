using ExecutionPipeline.Training.Networks;

namespace ExecutionPipeline.Training.Tests;

public sealed class ActivationsTests
{
    [Test]
    public void ShouldGiveDistributionsWhenRowsAreScores()
    {
        float[] values = [0f, 0f, 0f, 1f, 2f, 3f, 1000f, 0f, -1000f];

        Activations.Softmax(values, 3);

        Assert.That(values[..3], Is.EqualTo(new[] { 1f / 3f, 1f / 3f, 1f / 3f }).Within(1e-6f));
        Assert.That(values[3..6], Is.EqualTo(new[] { 0.09003057f, 0.24472847f, 0.66524096f }).Within(1e-6f));
        Assert.That(values[6..], Is.EqualTo(new[] { 1f, 0f, 0f }));
    }

    [Test]
    public void ShouldStayInUnitRangeWhenArgumentIsHuge()
    {
        float[] values = [-1000f, 0f, 1000f];
        Activations.Sigmoid(values);
        Assert.That(values, Is.EqualTo(new[] { 0f, 0.5f, 1f }).Within(1e-6f));
    }

    [Test]
    public void ShouldPassGradientWhenOutputIsPositive()
    {
        float[] values = [-1f, 0f, 2f];
        Activations.Relu(values);
        Assert.That(values, Is.EqualTo(new[] { 0f, 0f, 2f }));

        float[] gradient = [5f, 5f, 5f];
        Activations.ReluBackward(values, gradient);
        Assert.That(gradient, Is.EqualTo(new[] { 0f, 0f, 5f }));
    }
}
