package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/shop"
	"rally/platform/web"
)

func (a *API) registerProducts(api huma.API) {
	const products, product = "/api/shop/productinfos/{id}/products/", "/api/shop/productinfos/{id}/products/{size}/"
	register(api, web.Op(http.MethodGet, products, "shop-products", tag, "List the sizes of an article", web.Errors(404)), a.listProducts)
	register(api, web.Op(http.MethodPost, products, "shop-product-create", tag, "Add a size", web.Staff(), created(), web.Errors(404, 409)), a.createProduct)
	register(api, web.Op(http.MethodGet, product, "shop-product", tag, "Read one size of an article", web.Errors(404)), a.readProduct)
	register(api, web.Op(http.MethodPut, product, "shop-product-put", tag, "Set price and stock of a store good", web.Staff(), web.Errors(404)), a.changeProduct)
	register(api, web.Op(http.MethodPatch, product, "shop-product-patch", tag, "Set price or stock of a store good", web.Staff(), web.Errors(404)), a.changeProduct)
	register(api, web.Op(http.MethodDelete, product, "shop-product-delete", tag, "Delete a size nobody bid on", web.Staff(), noContent(), web.Errors(404, 409)), a.deleteProduct)

	register(api, web.Op(http.MethodGet, "/api/shop/productinfos/{id}/sizes/", "shop-sizes", tag, "List the sizes with the caller's wishes", web.Login(), web.Errors(404)), a.listSizes)
	register(api, web.Op(http.MethodGet, "/api/shop/productinfos/{id}/wishes/", "shop-sizes-alias", tag, "List the sizes with the caller's wishes", web.Login(), web.Errors(404)), a.listSizes)
}

func mapSizes[T any](views []shop.SizeView, convert func(shop.SizeView) T) []T {
	body := make([]T, len(views))
	for i, v := range views {
		body[i] = convert(v)
	}
	return body
}

func (a *API) listProducts(ctx context.Context, in *IDInput) (*reply[[]ProductBody], error) {
	views, err := a.shop.Products(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(mapSizes(views, func(v shop.SizeView) ProductBody { return toProduct(v.Product) })), nil
}

func (a *API) listSizes(ctx context.Context, in *IDInput) (*reply[[]SizeBody], error) {
	views, err := a.shop.Products(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(mapSizes(views, toSize)), nil
}

type productFields struct {
	Size          string `json:"size,omitempty" example:"260"`
	PurchasePrice *int64 `json:"purchase_price,omitempty" doc:"Store goods: the price." example:"89000"`
	Stock         *int64 `json:"stock,omitempty" doc:"Store goods: how many there are." example:"20"`
}

func (f productFields) change() shop.ProductChange {
	return shop.ProductChange{Size: f.Size, Price: f.PurchasePrice, Stock: f.Stock}
}

type newProductInput struct {
	ID   int64 `path:"id"`
	Body productFields
}

// SizeInput names one size of an article.
type SizeInput struct {
	ID   int64  `path:"id"`
	Size string `path:"size" example:"260"`
}

type productInput struct {
	SizeInput
	Body productFields
}

func (a *API) createProduct(ctx context.Context, in *newProductInput) (*reply[ProductBody], error) {
	p, err := a.shop.AddProduct(ctx, in.ID, in.Body.change())
	return answer(toProduct(p)), err
}

func (a *API) readProduct(ctx context.Context, in *SizeInput) (*reply[productDetailBody], error) {
	v, err := a.shop.ProductOf(ctx, in.ID, in.Size)
	if err != nil {
		return nil, err
	}
	return answer(a.toProductDetail(ctx, v)), nil
}

func (a *API) changeProduct(ctx context.Context, in *productInput) (*reply[ProductBody], error) {
	p, err := a.shop.ChangeProduct(ctx, in.ID, in.Size, in.Body.change())
	return answer(toProduct(p)), err
}

func (a *API) deleteProduct(ctx context.Context, in *SizeInput) (*noBody, error) {
	return nil, a.shop.DeleteProduct(ctx, in.ID, in.Size)
}
