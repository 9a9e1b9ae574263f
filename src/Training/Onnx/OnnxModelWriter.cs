using System.Globalization;
using System.Runtime.InteropServices;
using ExecutionPipeline.Stages.Inference.Onnx;
using Google.Protobuf;

namespace ExecutionPipeline.Training.Onnx;

/// <summary>
/// Writes a model in ONNX's binary format. Fields are written in a fixed order and nothing of the machine or the time
/// goes in, so equal models are equal bytes.
/// </summary>
public static class OnnxModelWriter
{
    public static byte[] Write(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Message(output =>
        {
            WriteInteger(output, OnnxFields.Model.IrVersion, model.IrVersion);
            WriteString(output, OnnxFields.Model.ProducerName, model.ProducerName);
            WriteString(output, OnnxFields.Model.ProducerVersion, model.ProducerVersion);
            WriteMessage(output, OnnxFields.Model.Graph, graph => WriteGraph(graph, model.Graph));
            WriteMessage(output, OnnxFields.Model.OpsetImport, set =>
            {
                WriteString(set, OnnxFields.OperatorSet.Domain, "");
                WriteInteger(set, OnnxFields.OperatorSet.Version, model.OpsetVersion);
            });
        });
    }

    private static void WriteGraph(CodedOutputStream output, OnnxGraph graph)
    {
        foreach (var node in graph.Nodes) WriteMessage(output, OnnxFields.Graph.Node, n => WriteNode(n, node));
        WriteString(output, OnnxFields.Graph.Name, graph.Name);
        foreach (var tensor in graph.Initializers)
        {
            WriteMessage(output, OnnxFields.Graph.Initializer, t => WriteTensor(t, tensor));
        }

        foreach (var value in graph.Inputs) WriteMessage(output, OnnxFields.Graph.Input, v => WriteInfo(v, value));
        foreach (var value in graph.Outputs) WriteMessage(output, OnnxFields.Graph.Output, v => WriteInfo(v, value));
    }

    private static void WriteNode(CodedOutputStream output, OnnxNode node)
    {
        foreach (var input in node.Inputs) WriteString(output, OnnxFields.Node.Input, input);
        foreach (var name in node.Outputs) WriteString(output, OnnxFields.Node.Output, name);
        WriteString(output, OnnxFields.Node.Name, node.Name);
        WriteString(output, OnnxFields.Node.OpType, node.OpType);
        foreach (var attribute in node.Attributes)
        {
            WriteMessage(output, OnnxFields.Node.Attribute, a => WriteAttribute(a, attribute));
        }
    }

    private static void WriteAttribute(CodedOutputStream output, OnnxAttribute attribute)
    {
        WriteString(output, OnnxFields.Attribute.Name, attribute.Name);
        if (attribute.IsFloat)
        {
            output.WriteTag(OnnxFields.Attribute.Float, WireFormat.WireType.Fixed32);
            output.WriteFloat(attribute.FloatValue);
            WriteInteger(output, OnnxFields.Attribute.Type, OnnxFields.Attribute.TypeFloat);
            return;
        }

        WriteInteger(output, OnnxFields.Attribute.Integer, attribute.IntegerValue);
        WriteInteger(output, OnnxFields.Attribute.Type, OnnxFields.Attribute.TypeInteger);
    }

    private static void WriteTensor(CodedOutputStream output, OnnxTensor tensor)
    {
        foreach (var dim in tensor.Dims) WriteInteger(output, OnnxFields.Tensor.Dims, dim);
        WriteInteger(output, OnnxFields.Tensor.DataType, OnnxFields.Tensor.DataTypeFloat);
        WriteString(output, OnnxFields.Tensor.Name, tensor.Name);
        output.WriteTag(OnnxFields.Tensor.RawData, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(MemoryMarshal.AsBytes(tensor.Values.AsSpan())));
    }

    private static void WriteInfo(CodedOutputStream output, OnnxValueInfo value)
    {
        WriteString(output, OnnxFields.ValueInfo.Name, value.Name);
        WriteMessage(output, OnnxFields.ValueInfo.Type, type =>
            WriteMessage(type, OnnxFields.Type.Tensor, tensor =>
            {
                WriteInteger(tensor, OnnxFields.Type.TensorElementType, OnnxFields.Tensor.DataTypeFloat);
                WriteMessage(tensor, OnnxFields.Type.TensorShape, shape =>
                {
                    foreach (var dimension in value.Shape)
                    {
                        WriteMessage(shape, OnnxFields.Type.ShapeDimension, d => WriteDimension(d, dimension));
                    }
                });
            }));
    }

    private static void WriteDimension(CodedOutputStream output, string dimension)
    {
        if (long.TryParse(dimension, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
        {
            WriteInteger(output, OnnxFields.Type.DimensionValue, size);
            return;
        }

        WriteString(output, OnnxFields.Type.DimensionName, dimension);
    }

    private static void WriteInteger(CodedOutputStream output, int field, long value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    }

    private static void WriteString(CodedOutputStream output, int field, string value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
    }

    private static void WriteMessage(CodedOutputStream output, int field, Action<CodedOutputStream> write)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(UnsafeByteOperations.UnsafeWrap(Message(write)));
    }

    // A nested message's length comes before it, so it is written on its own first.
    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var buffer = new MemoryStream();
        using (var output = new CodedOutputStream(buffer, leaveOpen: true)) write(output);
        return buffer.ToArray();
    }
}
